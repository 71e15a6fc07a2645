"""A simulated shop: customers, orders, faults, agents and time, through the desk's own services."""
