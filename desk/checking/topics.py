"""The topics: their names are fixed, evaluation sets are labelled with them."""

TOPICS = (
    "ask_opening_hours", "ask_product_advice", "ask_price", "ask_stock", "ask_delivery_options", "ask_delivery_time",
    "ask_return_policy", "ask_warranty", "ask_payment_methods", "ask_cancellation_fee", "ask_product_help",
    "place_order", "track_order", "change_order", "cancel_order", "change_shipping_address", "set_up_shipping_address",
    "get_invoice", "check_invoice", "payment_issue", "get_refund", "track_refund", "return_product", "replace_product",
    "create_account", "edit_account", "delete_account", "recover_password", "registration_problem", "switch_account",
    "newsletter", "request_my_data", "complain", "report_fault", "report_late_delivery", "report_wrong_item",
    "ask_case_status", "leave_review", "suggest_improvement", "praise", "ask_human", "ask_contact", "request_callback",
    "reschedule_followup", "confirm_solved", "not_solved", "stop_messages", "greet", "goodbye", "thank", "affirm",
    "deny", "ask_bot", "change_language", "out_of_scope",
)  # fmt: skip
