use std::collections::BTreeSet;

use super::cast::ORGANIZATIONS;
use super::script::{Place, parse};

#[test]
fn everybody_who_speaks_is_there_and_may() {
    for organization in ORGANIZATIONS {
        let threads = parse(organization.script).expect("readable");
        let mut keys: BTreeSet<&str> = organization
            .people
            .iter()
            .map(|person| person.key)
            .collect();
        keys.extend(organization.bots.iter().map(|bot| bot.key));
        for thread in &threads {
            let members: Vec<&str> = match &thread.place {
                Place::Direct(people) => people.iter().map(String::as_str).collect(),
                Place::Topic { stream, .. } => {
                    let stream = organization
                        .streams
                        .iter()
                        .find(|s| s.name == stream)
                        .expect(stream);
                    stream.members.to_vec()
                }
            };
            for message in &thread.messages {
                let reacting = message.reactions.iter().flat_map(|(_, people)| people);
                for key in reacting.chain([&message.sender]).chain(&message.starred_by) {
                    let key = key.as_str();
                    assert!(keys.contains(key), "{key} in {:?}", thread.place);
                    assert!(
                        members.contains(&key) || members.contains(&"*"),
                        "{key} in {:?}",
                        thread.place
                    );
                }
            }
        }
    }
}

#[test]
fn there_is_enough_to_look_at() {
    let users: usize = ORGANIZATIONS
        .iter()
        .map(|o| o.people.len() + o.bots.len())
        .sum();
    assert_eq!(users, 30);
    let scripts = ORGANIZATIONS
        .iter()
        .flat_map(|o| parse(o.script).expect("readable"));
    let (threads, messages) =
        scripts.fold((0, 0), |(t, m), thread| (t + 1, m + thread.messages.len()));
    assert!(
        threads >= 30 && messages >= 200,
        "{threads} threads, {messages} messages"
    );
}
