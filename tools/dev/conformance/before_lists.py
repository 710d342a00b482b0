"""Lists that events show whole, as they were before."""

import dataclasses
import re

from dev.conformance import recordings
from dev.conformance.seed import PIXEL


@dataclasses.dataclass
class Listed:
    """A list of the realm: where it is, and what its elements are made from."""

    kind: str
    path: str
    fields: tuple[str, ...]
    # How registrations call it.
    state: str


LINKIFIERS = Listed("linkifiers", "/realm/filters", ("pattern", "url_template"), "realm_linkifiers")
PLAYGROUNDS = Listed("playgrounds", "/realm/playgrounds", ("name", "pygments_language", "url_template"), "realm_playgrounds")
PROFILE_FIELDS = Listed("profile_fields", "/realm/profile_fields", ("name", "hint", "field_data", "required", "display_in_profile_summary"), "custom_profile_fields")


class BeforeLists:
    """Part of a stage."""

    def before_realm_linkifiers(self, case: recordings.Case, listener: str, event: dict) -> None:
        """The other linkifiers are as they will be."""
        self.bring(LINKIFIERS, case, event["realm_linkifiers"])

    def before_realm_playgrounds(self, case: recordings.Case, listener: str, event: dict) -> None:
        """The other playgrounds are as they will be."""
        self.bring(PLAYGROUNDS, case, event["realm_playgrounds"])

    def before_custom_profile_fields(self, case: recordings.Case, listener: str, event: dict) -> None:
        """The other profile fields are as they will be."""
        self.bring(PROFILE_FIELDS, case, event["fields"])

    def bring(self, listed: Listed, case: recordings.Case, shown: list[dict]) -> None:
        """Everything in the list is as it will be, but for the element that the request is about."""
        found = re.match(listed.path + r"/(\d+)", case.request.resource)
        about = int(found[1]) if found else case.answer.get("id")
        event = {"linkifiers": "realm_linkifiers", "playgrounds": "realm_playgrounds"}.get(listed.kind, listed.state)
        state = self.api(self.admin, "POST", "/register", fetch_event_types=[event], event_types=[event], client_capabilities={"notification_settings_null": True, "linkifier_url_template": True})
        now = {one["id"]: one for one in state.get(listed.state, [])}
        wanted = {one["id"]: one for one in shown if one["id"] != about}
        if case.request.method == "POST":
            now_about = {about} & now.keys()
        else:
            now_about = set()
        for number in sorted((now.keys() - wanted.keys() - {about}) | now_about):
            self.api(self.admin, "DELETE", f"{listed.path}/{number}")
            self.made.discard((listed.kind, number))
        for number, one in wanted.items():
            params = {key: one[key] for key in listed.fields if key in one}
            if number not in now:
                self.made.add((listed.kind, number))
                self.next_id(listed.kind, number)
                self.api(self.admin, "POST", listed.path, **params, **({"field_type": one["type"]} if "type" in one else {}))
                self.go_on(listed.kind)
            elif any(now[number].get(key) != value for key, value in params.items()):
                self.api(self.admin, "PATCH", f"{listed.path}/{number}", **params)

    def before_realm_domains(self, case: recordings.Case, listener: str, event: dict) -> None:
        """A domain that is added is not there, one that goes or changes is, the other way round."""
        shown = event.get("realm_domain") or {"domain": event.get("domain"), "allow_subdomains": True}
        there = {one["domain"] for one in self.api(self.owner, "GET", "/realm/domains").get("domains", [])}
        if shown["domain"] in there:
            self.api(self.owner, "DELETE", f"/realm/domains/{shown['domain']}")
        if event["op"] != "add":
            self.api(self.owner, "POST", "/realm/domains", domain=shown["domain"], allow_subdomains=not shown["allow_subdomains"])

    def before_realm_emoji(self, case: recordings.Case, listener: str, event: dict) -> None:
        """The other emoji are as they will be; one that is added is not there, one that goes is."""
        name = case.request.resource.rsplit("/", 1)[-1]
        now = self.api(self.admin, "GET", "/realm/emoji").get("emoji", {})
        about = [int(key) for key, one in event["realm_emoji"].items() if one["name"] == name]
        there = any(one["name"] == name and not one.get("deactivated") for one in now.values())
        if there and case.request.method == "POST":
            self.api(self.admin, "DELETE", f"/realm/emoji/{name}")
        for key, one in sorted(event["realm_emoji"].items(), key=lambda pair: int(pair[0])):
            is_new = case.request.method == "POST" and int(key) == max(about, default=0)
            if key in now or is_new:
                continue
            self.add_emoji(int(key), one, case)
            self.go_on("emoji")
            if one.get("deactivated") and one["name"] != name:
                self.api(self.admin, "DELETE", f"/realm/emoji/{one['name']}")
        if case.request.method == "POST" and about:
            self.next_id("emoji", max(about))

    def add_emoji(self, number: int, emoji: dict, case: recordings.Case) -> None:
        """A custom emoji with the id that it had, of whoever made it."""
        self.next_id("emoji", number)
        author = self.world.email_of(emoji.get("author_id") or 0) or case.request.user
        self.host.exchange("POST", f"/api/v1/realm/emoji/{emoji['name']}", {}, author, files=[("filename", f"{emoji['name']}.png", PIXEL)])

    def before_alert_words(self, case: recordings.Case, listener: str, event: dict) -> None:
        """The list is as it will be, but for what the request changes."""
        words = case.request.params.get("alert_words") or []
        now = self.api(listener, "GET", "/users/me/alert_words").get("alert_words", [])
        wanted = [one for one in event["alert_words"] if one not in words] + (words if case.request.method == "DELETE" else [])
        if set(now) - set(wanted):
            self.api(listener, "DELETE", "/users/me/alert_words", alert_words=sorted(set(now) - set(wanted)))
        if set(wanted) - set(now):
            self.api(listener, "POST", "/users/me/alert_words", alert_words=sorted(set(wanted) - set(now)))

    def before_attachment(self, case: recordings.Case, listener: str, event: dict) -> None:
        """As much is uploaded as there was before."""
        if event["op"] == "remove":
            return
        shown = self.api(listener, "GET", "/attachments")
        before = event["upload_space_used"] - (event["attachment"]["size"] if event["op"] == "add" else 0)
        surplus = shown.get("upload_space_used", 0) - before
        for one in shown.get("attachments", []) if surplus > 0 else []:
            if one["size"] <= surplus and not one["messages"]:
                self.api(listener, "DELETE", f"/attachments/{one['id']}")
                surplus -= one["size"]
        if surplus < 0:
            self.spare_id("attachments")
            self.upload(listener, "earlier.txt", -surplus)
            self.go_on("attachments")

    def before_onboarding_steps(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Those steps are open that will be, and the one that the request closes."""
        asked = case.request.params.get("onboarding_step")
        state = self.api(listener, "POST", "/register", fetch_event_types=["onboarding_steps"], event_types=["onboarding_steps"])
        left = {one["name"] for one in event["onboarding_steps"]} | {asked}
        for one in state.get("onboarding_steps", []):
            if one["name"] not in left:
                self.api(listener, "POST", "/users/me/onboarding_steps", onboarding_step=one["name"])
