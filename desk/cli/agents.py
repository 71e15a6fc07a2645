"""`fubb agent ...`: the people who answer."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

agent_app = typer.Typer(help="Add and list the people who answer customers.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Login = Annotated[str, typer.Argument(help="The name to log in with, for example maja.")]


@agent_app.command()
def add(
    login: Login,
    name: Annotated[str, typer.Option(help="The name that customers see.")],
    languages: Annotated[str, typer.Option(help="Languages the agent answers in: en, sv, nb, fi, with commas between.")] = "en",
    lead: Annotated[bool, typer.Option("--lead", help="The agent leads the others and sees everything.")] = False,
    admin: Annotated[bool, typer.Option("--admin", help="The agent also makes leads and admins.")] = False,
    as_json: Json = False,
) -> None:
    """Add an agent; prints the password and the API token, which are shown only now."""
    from desk.agents.service import add_agent
    from desk.cli.database import open_database

    wanted = [language.strip().lower() for language in languages.split(",") if language.strip()]
    with open_database() as database, database.writing() as session:
        new = add_agent(session, login, name, wanted, "admin" if admin else "lead" if lead else "agent", datetime.now(UTC))
        shown = {"login": new.agent.login, "password": new.password, "token": new.token}
    if as_json:
        typer.echo(json.dumps(shown))
        return
    typer.echo(f"{name} can log in now.\n  login:     {shown['login']}\n  password:  {shown['password']}")
    typer.echo(f"  API token: {shown['token']}\nBoth are shown only this once.")


@agent_app.command("list")
def list_(as_json: Json = False) -> None:
    """List the agents."""
    from desk.agents.service import list_agents
    from desk.cli.database import open_database

    with open_database() as database, database.reading() as session:
        agents = list_agents(session)
    if as_json:
        fields = ("login", "name", "role", "languages", "active")
        listed = [{field: getattr(agent, field) for field in fields} for agent in agents]
        typer.echo(json.dumps({"agents": listed}, ensure_ascii=False))
        return
    for agent in agents:
        gone = "" if agent.active else "  (has left)"
        typer.echo(f"{agent.login:<20} {agent.name:<24} {agent.role:<6} {','.join(agent.languages)}{gone}")
    if not agents:
        typer.echo("There is no agent yet: `fubb agent add LOGIN --name NAME` adds one.")


@agent_app.command()
def password(login: Login, as_json: Json = False) -> None:
    """Give an agent a new password; he is logged out everywhere."""
    from desk.agents.service import change_password, normal_login
    from desk.cli.database import open_database

    with open_database() as database, database.writing() as session:
        new = change_password(session, login)
    shown = {"login": normal_login(login), "password": new}
    typer.echo(json.dumps(shown) if as_json else f"The new password of {shown['login']} is {new}")
