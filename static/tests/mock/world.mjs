// A small, fixed world for looking at the client without a server. It answers just enough of the API to draw every
// view; what the API means is tested against the real server only.

const HOUR = 3600;
const NAMES = [
  "Ada Marsh",
  "Ben Okafor",
  "Carla Reyes",
  "Dmitri Volkov",
  "Elif Demir",
  "Farah Haddad",
  "Goran Petrov",
  "Hana Sato",
  "Ingrid Solberg",
  "Jonas Weber",
  "Kavya Rao",
  "Liam Byrne",
];

const STREAMS = [
  ["general", "Everyone, everything that concerns all", "#4f8de4", false],
  ["design", "How it looks and feels", "#c2619c", false],
  ["engineering", "Building and running the product", "#3f9d71", false],
  ["support", "Questions from customers", "#d08a2e", false],
  ["hiring", "Candidates and interviews", "#8a6fd1", true],
  ["random", "Anything else", "#a0703c", false],
];

/** [stream, topic, lines]; a line is [sender index, html]. */
const TALKS = [
  [
    "engineering",
    "deploy window",
    [
      [1, "<p>Rolling out build <code>4f2c1a</code> to the first two hosts now.</p>"],
      [3, "<p>Graphs look flat. Latency is <strong>down 12 %</strong> on the send path.</p>"],
      [
        1,
        '<p>Good. Next two in ten minutes. <span aria-label="rocket" class="emoji emoji-1f680" role="img" title="rocket">:rocket:</span></p>',
      ],
      [
        7,
        '<p>The health check I used:</p>\n<div class="codehilite" data-code-language="Rust"><pre><span></span><code><span class="k">pub</span> <span class="k">async</span> <span class="k">fn</span> <span class="nf">healthy</span><span class="p">(</span>pool<span class="p">:</span> <span class="o">&amp;</span>Pool<span class="p">)</span> -&gt; <span class="kt">bool</span> <span class="p">{</span>\n    <span class="c1">// One round trip is enough.</span>\n    pool<span class="p">.</span><span class="nf">ping</span><span class="p">().</span><span class="k">await</span><span class="p">.</span><span class="nf">is_ok</span><span class="p">()</span>\n<span class="p">}</span>\n</code></pre></div>',
      ],
      [0, "<p>All four hosts are on the new build.</p>"],
    ],
  ],
  [
    "engineering",
    "✔ flaky reconnect test",
    [
      [9, "<p>It waited for a time instead of a state. Fixed on main.</p>"],
      [10, "<p>Confirmed, a hundred runs green.</p>"],
    ],
  ],
  [
    "engineering",
    "search ranking",
    [
      [4, "<p>Do we weigh topic hits above content hits?</p>"],
      [
        7,
        "<p>Yes, by two. It reads better in practice:</p>\n<ul>\n<li>topic names are short and chosen</li>\n<li>content repeats itself</li>\n</ul>",
      ],
    ],
  ],
  [
    "design",
    "empty states",
    [
      [2, "<p>A first draft for the inbox: one line, one icon, no illustration.</p>"],
      [
        5,
        '<p>I like it. <span class="user-mention" data-user-id="10">@Ada Marsh</span> can you check the wording?</p>',
      ],
      [2, "<blockquote>\n<p>All caught up</p>\n</blockquote>\n<p>Calm enough?</p>"],
    ],
  ],
  [
    "design",
    "dark palette",
    [
      [5, "<p>Contrast of the faint text is 4.6 : 1 now.</p>"],
      [8, '<p>Much easier on the eyes. The <a href="https://example.com/palette">palette sheet</a> is up to date.</p>'],
    ],
  ],
  [
    "general",
    "lunch",
    [
      [6, "<p>The soup place has a new menu.</p>"],
      [
        11,
        '<p>In at half past twelve <span aria-label="ramen" class="emoji emoji-1f35c" role="img" title="ramen">:ramen:</span></p>',
      ],
    ],
  ],
  ["general", "", [[8, "<p>The office is closed on Friday.</p>"]]],
  [
    "support",
    "export takes long",
    [
      [3, "<p>A customer with 2 million messages asks how long an export runs.</p>"],
      [
        1,
        "<table>\n<thead>\n<tr>\n<th>Messages</th>\n<th>Minutes</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>100,000</td>\n<td>1</td>\n</tr>\n<tr>\n<td>2,000,000</td>\n<td>14</td>\n</tr>\n</tbody>\n</table>",
      ],
    ],
  ],
  ["hiring", "frontend role", [[9, "<p>Two conversations on Thursday, notes are in the folder.</p>"]]],
  [
    "random",
    "book club",
    [
      [10, "<p>Next one: <em>The Left Hand of Darkness</em>.</p>"],
      [4, "<p>Already halfway through.</p>"],
    ],
  ],
];

export function makeWorld(nowSeconds) {
  const users = NAMES.map((full_name, i) => ({
    user_id: 10 + i,
    full_name,
    email: `${full_name.split(" ")[0].toLowerCase()}@example.com`,
    avatar_url: null,
    is_bot: false,
    role: i === 0 ? 100 : 400,
    is_active: true,
    timezone: "Europe/Berlin",
  }));
  const streams = STREAMS.map(([name, description, color, invite_only], i) => ({
    stream_id: 1 + i,
    name,
    description,
    color,
    invite_only,
    is_web_public: false,
    is_muted: name === "random",
    pin_to_top: name === "general",
    subscriber_count: 12 - i,
    stream_weekly_traffic: 20,
    subscribers: [],
  }));
  const messages = [];
  let id = 1000;
  const add = (sender, timestamp, content, rest) => {
    id += 1;
    messages.push({
      id,
      sender_id: sender.user_id,
      sender_full_name: sender.full_name,
      avatar_url: null,
      content,
      timestamp,
      reactions: [],
      flags: ["read"],
      is_me_message: false,
      ...rest,
    });
    return messages.at(-1);
  };
  const inStream = (name, subject) => {
    const stream = streams.find((one) => one.name === name);
    return { type: "stream", stream_id: stream.stream_id, display_recipient: name, subject };
  };
  for (let i = 0; i < 300; i++) {
    const lines = [
      "Morning notes are up.",
      "Merged, thanks for the review.",
      "I will take the next one.",
      "Numbers look right to me.",
    ];
    add(
      users[i % 12],
      nowSeconds - 60 * HOUR + i * 300,
      `<p>${lines[i % 4]}</p>`,
      inStream("engineering", "daily notes"),
    );
  }
  for (const [stream, topic, lines] of TALKS) {
    lines.forEach(([who, html], i) => {
      add(users[who], nowSeconds - 5 * HOUR + (id - 1300) * 240 + i * 40, html, inStream(stream, topic));
    });
  }
  const dm = (a, b) => ({
    type: "private",
    subject: "",
    display_recipient: [users[a], users[b]].map((one) => ({ id: one.user_id })),
  });
  add(users[7], nowSeconds - 2 * HOUR, "<p>Do you have a minute for the release notes?</p>", dm(7, 0));
  add(users[0], nowSeconds - 2 * HOUR + 60, "<p>Sure, send them over.</p>", dm(7, 0));
  add(users[7], nowSeconds - HOUR, "<p>Here they are. The second paragraph needs your eye.</p>", dm(7, 0));
  add(users[2], nowSeconds - 3 * HOUR, "<p>Thanks for yesterday!</p>", dm(2, 0));
  decorate(messages, users);
  return { users, streams, messages, nextId: id + 1 };
}

const emoji = (emoji_name, emoji_code, user_id) => ({
  emoji_name,
  emoji_code,
  user_id,
  reaction_type: "unicode_emoji",
});

function decorate(messages, users) {
  const at = (text) => messages.find((one) => one.content.includes(text));
  at("down 12").reactions = [emoji("tada", "1f389", 10), emoji("tada", "1f389", 14), emoji("eyes", "1f440", 12)];
  at("All four hosts").reactions = [emoji("+1", "1f44d", 11)];
  at("second paragraph").flags = [];
  at("Thanks for yesterday").flags = ["read", "starred"];
  at("new menu").flags = ["read", "starred"];
  at("check the wording").flags = ["mentioned"];
  for (const text of [
    "Calm enough",
    "half past twelve",
    "Friday",
    "2 million",
    "Minutes",
    "Contrast of",
    "Much easier",
    "Thursday",
    "halfway",
  ]) {
    at(text).flags = at(text).flags.filter((flag) => flag !== "read");
  }
  at("Do we weigh").last_edit_timestamp = at("Do we weigh").timestamp + 30;
  return users;
}
