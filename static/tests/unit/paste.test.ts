// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { addressIn, markdownFrom } from "../../src/compose/paste";

test.each([
  ["<p>a <b>bold</b> and <i>leaning</i> <del>word</del></p>", "a **bold** and *leaning* ~~word~~"],
  ["<b style='font-weight:normal'><p>plain <em>x</em></p></b>", "plain *x*"],
  ["<strong>ends with a space </strong>x", "**ends with a space** x"],
  ["<p>one</p><p>two <code>x`y</code></p>", "one\n\ntwo ``x`y``"],
  ["<a href='https://a.example/b'>text</a>", "[text](https://a.example/b)"],
  ["<a href='https://a.example/'>https://a.example</a>", "https://a.example/"],
  ["<b>a</b> <a href='javascript:x()'>no</a>", "**a** no"],
  ["<ul><li>a</li><li>b<ol start='3'><li>c</li></ol></li></ul>", "* a\n* b\n  3. c"],
  ["<blockquote><p>a</p><p>b</p></blockquote>", "> a\n> \n> b"],
  ["<h2>Title</h2><div>text</div>", "## Title\n\ntext"],
  ["<pre><code class='language-rust'>fn a() {}\n  b\n</code></pre>", "```rust\nfn a() {}\n  b\n```"],
  [
    "<table><tr><th>a</th><th>b</th></tr><tr><td>1|2</td><td><b>3</b></td></tr></table>",
    "| a | b |\n| --- | --- |\n| 1\\|2 | **3** |",
  ],
  ["<p><span class='user-mention' data-user-id='3'>@Ada</span> <b>hi</b></p>", "@**Ada** **hi**"],
  ["one<br><b>two</b>", "one\n**two**"],
  ["<style>p{}</style><script>x</script><p><b>a</b></p>", "**a**"],
])("%s", (html, markdown) => {
  expect(markdownFrom(html)).toBe(markdown);
});

test("what plain text says as well is left to plain text", () => {
  expect(markdownFrom("<div><span style='color:red'>let</span> x</div>")).toBeUndefined();
  expect(markdownFrom("<b style='font-weight:normal'>text</b>")).toBeUndefined();
});

test("an address alone", () => {
  expect(addressIn(" https://a.example/x \n")).toBe("https://a.example/x");
  expect(addressIn("see https://a.example")).toBeUndefined();
  expect(addressIn("ftp://a.example")).toBeUndefined();
});
