"""People, their settings, groups and the realm as they were before an event."""

import re

from dev.conformance import recordings
from dev.conformance.seed import PIXEL
from dev.conformance.values import other_than

CAPABILITIES = {"notification_settings_null": True, "user_settings_object": True}


class BeforePeople:
    """Part of a stage."""

    def before_realm_user(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Who comes back had left; roles, names and fields were others; pictures were changed as often as their versions say."""
        person = event.get("person") or {}
        number, path = person.get("user_id"), f"/users/{person.get('user_id')}"
        if event["op"] != "update":
            return
        now = self.api(self.owner, "GET", path, include_custom_profile_fields=True).get("user") or {}
        if "is_active" in person and now.get("is_active") == person["is_active"]:
            self.api(self.owner, *(("DELETE", path) if person["is_active"] else ("POST", f"{path}/reactivate")))
        if "role" in person and now.get("role") == person["role"]:
            self.api(self.owner, "PATCH", path, role=400 if person["role"] != 400 else 300)
        if "full_name" in person and now.get("full_name") == person["full_name"]:
            self.api(self.admin, "PATCH", path, full_name=f"Not {person['full_name']}"[:60])
        if "timezone" in person and now.get("timezone") == person["timezone"]:
            self.api(self.world.email_of(number), "PATCH", "/settings", timezone=other_than("timezone", person["timezone"]))
        if "custom_profile_field" in person:
            self.before_profile(person, now)
        if case.request.resource == "/users/me/avatar" and "avatar_version" in person:
            shown = self.api(case.request.user, "GET", "/users/me").get("avatar_version", 1)
            for _ in range(shown, person["avatar_version"] - 1):
                self.host.exchange("POST", "/api/v1/users/me/avatar", {}, case.request.user, files=[("file", "picture.png", PIXEL)])

    def before_profile(self, person: dict, now: dict) -> None:
        """A value that is taken away is there, one that is set is another."""
        field, email = person["custom_profile_field"], self.world.email_of(person["user_id"])
        there = ((now.get("profile_data") or {}).get(str(field["id"])) or {}).get("value")
        if field["value"] is not None and there == field["value"]:
            self.api(email, "DELETE", "/users/me/profile_data", data=[field["id"]])
        elif field["value"] is None and there is None:
            fields = {one["id"]: one for one in self.api(self.admin, "GET", "/realm/profile_fields").get("custom_fields", [])}
            if fields.get(field["id"], {}).get("type") in (1, 2, 8):
                self.api(email, "PATCH", "/users/me/profile_data", data=[{"id": field["id"], "value": "something"}])

    def before_user_settings(self, case: recordings.Case, listener: str, event: dict) -> None:
        """The setting is another."""
        name, value = event.get("property"), event.get("value")
        if self.settings_of(listener).get(name) == value:
            self.api(listener, "PATCH", "/settings", **{name: other_than(name, value)})

    def settings_of(self, user: str) -> dict:
        """Somebody's settings."""
        state = self.api(user, "POST", "/register", fetch_event_types=["user_settings"], event_types=["user_settings"], client_capabilities=CAPABILITIES)
        return state.get("user_settings") or {}

    def before_realm(self, case: recordings.Case, listener: str, event: dict) -> None:
        """The settings of the realm are others."""
        changed = event["data"] if event["op"] == "update_dict" else {event.get("property"): event.get("value")}
        state = self.api(self.admin, "POST", "/register", fetch_event_types=["realm"], event_types=["realm"])
        for name, value in changed.items():
            if name in case.request.params and state.get(f"realm_{name}") == value:
                self.api(self.owner, "PATCH", "/realm", **{name: other_than(name, value)})

    def before_realm_user_settings_defaults(self, case: recordings.Case, listener: str, event: dict) -> None:
        """The default is another."""
        name, value = event["property"], event["value"]
        state = self.api(self.admin, "POST", "/register", fetch_event_types=["realm_user_settings_defaults"], event_types=["realm_user_settings_defaults"])
        if (state.get("realm_user_settings_defaults") or {}).get(name) == value:
            self.api(self.owner, "PATCH", "/realm/user_settings_defaults", **{name: other_than(name, value)})

    def before_user_group(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Who is added is no member, who is removed is one; names and descriptions are others."""
        number = event.get("group_id")
        group = next((one for one in self.api(self.admin, "GET", "/user_groups").get("user_groups", []) if one["id"] == number), None)
        path = f"/user_groups/{number}"
        if event["op"] == "add":
            self.no_such_group(event["group"]["name"])
        if group is None:
            return
        if event["op"].endswith("_members"):
            self.before_inside(f"{path}/members", event["op"], set(group["members"]), set(event["user_ids"]))
        elif event["op"].endswith("_subgroups"):
            for one in event["direct_subgroup_ids"]:
                if ("user_groups", one) not in self.made:
                    self.make("user_groups", one, case)
            self.before_inside(f"{path}/subgroups", event["op"], set(group["direct_subgroup_ids"]), set(event["direct_subgroup_ids"]))
        elif event["op"] == "update":
            same = {key: other_than(key, value) for key, value in event["data"].items() if isinstance(value, str) and group.get(key) == value}
            asked = {key: value["old"] for key, value in case.request.params.items() if isinstance(value, dict) and "old" in value and group.get(key) != value["old"]}
            if same or asked:
                self.api(self.admin, "PATCH", path, **same, **{key: {"new": old} for key, old in asked.items()})
            if "name" in event["data"]:
                self.no_such_group(event["data"]["name"])

    def before_inside(self, path: str, operation: str, now: set[int], about: set[int]) -> None:
        """Whoever is added is not there, whoever is removed is."""
        if operation.startswith("add") and now & about:
            self.api(self.admin, "POST", path, delete=sorted(now & about))
        elif operation.startswith("remove") and about - now:
            self.api(self.admin, "POST", path, add=sorted(about - now))

    def no_such_group(self, name: str) -> None:
        """The name is free."""
        taken = next((one for one in self.api(self.admin, "GET", "/user_groups").get("user_groups", []) if one["name"] == name), None)
        if taken is not None:
            self.api(self.admin, "PATCH", f"/user_groups/{taken['id']}", name=f"not {name}")

    def before_muted_users(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Those are muted who will be, but for the one that the request is about."""
        found = re.match(r"/users/me/muted_users/(\d+)", case.request.resource)
        wanted = {one["id"] for one in event["muted_users"]}
        if found and case.request.method == "DELETE":
            wanted.add(int(found[1]))
        elif found:
            wanted.discard(int(found[1]))
        state = self.api(listener, "POST", "/register", fetch_event_types=["muted_users"], event_types=["muted_users"])
        now = {one["id"] for one in state.get("muted_users", [])}
        for number in sorted(now ^ wanted):
            self.api(listener, "POST" if number in wanted else "DELETE", f"/users/me/muted_users/{number}")

    def before_presence(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Who was seen before was there."""
        user = self.world.email_of(event.get("user_id") or 0)
        known = self.api(listener, "GET", f"/users/{event.get('user_id')}/presence") if user else {}
        if user and not known and case.request.resource != "/users/me/presence":
            self.api(user, "POST", "/users/me/presence", client="website", status="active", new_user_input=True)
