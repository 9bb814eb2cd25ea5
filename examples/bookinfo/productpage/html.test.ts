import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html } from "./html.ts";

describe("html", () => {
  it("escapes what it is given, in text and in attributes", () => {
    const text = `<script>"&'`;
    assert.equal(html`<b title="${text}">${text}</b>`.text, `<b title="&lt;script&gt;&quot;&amp;&#39;">&lt;script&gt;&quot;&amp;&#39;</b>`);
  });

  it("takes what is HTML already as it is, alone and in lists, and nothing for nothing", () => {
    const items = ["a", "<"].map((each) => html`<li>${each}</li>`);
    assert.equal(html`<ul>${items}${undefined}</ul>${1}`.text, "<ul><li>a</li><li>&lt;</li></ul>1");
  });
});
