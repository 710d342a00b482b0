"""What is as it was before an event: whatever the event is going to tell is undone, if it is so already."""

from dev.conformance import recordings
from dev.conformance.before_lists import BeforeLists
from dev.conformance.before_messages import BeforeMessages
from dev.conformance.before_people import BeforePeople
from dev.conformance.before_streams import BeforeStreams


class Before(BeforeMessages, BeforeStreams, BeforePeople, BeforeLists):
    """Part of a stage: a method for each type of events that needs one."""

    def before_event(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Undo what the event is going to tell, if it is so already."""
        if event["type"] not in ("realm_user", "user_settings"):
            self.show_addresses(listener, event)
        method = getattr(self, f"before_{event['type']}", None)
        if method is not None:
            method(case, listener, event)
