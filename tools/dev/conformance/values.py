"""Values that are not the ones that are going to be set."""

# Of settings that take one of a few names.
CHOICES = {
    "default_language": ("en", "de"), "emojiset": ("google", "text"), "notification_sound": ("zulip", "ding"),
    "timezone": ("UTC", "America/New_York"), "default_code_block_language": ("", "python"),
    "jitsi_server_url": ("default", "https://jitsi.example.com"), "org_type": (10, 50), "email_address_visibility": (1, 3),
    "color_scheme": (1, 2), "demote_inactive_streams": (1, 2), "message_retention_days": (30, "unlimited"),
    "web_home_view": ("inbox", "recent_topics"), "video_chat_provider": (1, 0), "can_remove_subscribers_group": (11, 12),
}


def other_than(name: str, value):
    """A value that a setting may have instead."""
    if name in CHOICES:
        return next(one for one in CHOICES[name] if one != value)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int) and name.endswith("_id"):
        return -1
    if isinstance(value, int):
        return value - 1 if value > 1 else value + 1
    if isinstance(value, str):
        return f"not {value}"
    return None
