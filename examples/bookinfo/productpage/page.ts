/** What the page shows, as HTML and as JSON. */
import type { ProductDetails } from "../gen/details.ts";
import type { ProductReviews } from "../gen/reviews.ts";
import { BASELINE, type Hop, type Instance } from "../instance.ts";
import { drawGraph } from "./graph.ts";
import { html, type Html } from "./html.ts";

export interface PageModel {
  /** The colour of the request; `undefined` for none. */
  readonly lane: string | undefined;
  /** Whether the switch of the page is on. */
  readonly switchedOn: boolean;
  readonly details: PromiseSettledResult<ProductDetails>;
  readonly reviews: PromiseSettledResult<ProductReviews>;
  /** Who answered, depth first in the order of the calls. */
  readonly hops: readonly Hop[];
  /** Everybody who could have. */
  readonly instances: readonly Instance[];
}

const TITLE = "The Comedy of Errors";
const AUTHOR = "William Shakespeare";

/** The same facts for programs. A part that is missing has a sentence in `unavailable` instead. */
export function pageAsJson({ lane, details, reviews, hops }: PageModel): object {
  const unavailable: Record<string, string> = {};
  if (details.status === "rejected") unavailable["details"] = reasonOf(details);
  if (reviews.status === "rejected") unavailable["reviews"] = reasonOf(reviews);
  else if (reviews.value.stars.case === "unavailable") unavailable["ratings"] = reviews.value.stars.value;
  return {
    title: TITLE,
    author: AUTHOR,
    lane: lane ?? BASELINE,
    ...(reviews.status === "fulfilled" && { stars: starsOf(reviews.value), reviews: reviews.value.reviews }),
    ...(details.status === "fulfilled" && { details: details.value }),
    unavailable,
    hops,
  };
}

export function renderPage(model: PageModel): string {
  const lane = model.lane ?? BASELINE;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${TITLE} · Bookinfo in lanes</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Cpath d='M12 1 21 10 12 23 3 10Z' fill='%230e7490'/%3E%3Cpath d='M12 1 21 10 12 23Z' fill='%23c2410c'/%3E%3C/svg%3E">
<link rel="stylesheet" href="/page.css">
</head>
<body data-lane="${lane}">
<header>
<p class="brand"><svg viewBox="0 0 24 24" aria-hidden="true"><path class="left" d="M12 1 3 10 12 23Z"/><path class="right" d="M12 1 21 10 12 23Z"/></svg><b>Kiteline</b> <span>Bookinfo in lanes</span></p>
${laneSwitch(model.switchedOn)}
</header>
<main>
${book(model)}
${path(model, lane)}
${readers(model)}
</main>
</body>
</html>
`.text;
}

function laneSwitch(on: boolean): Html {
  return html`<form method="post" action="/switch">
<button role="switch" aria-checked="${on ? "true" : "false"}" name="lane" value="${on ? BASELINE : "branch"}" title="Sets or deletes the cookie uid=100"><span class="track"><span class="knob"></span></span><span>Lane <b>branch</b></span></button>
</form>`;
}

function book({ details, reviews }: PageModel): Html {
  return html`<article class="book">
<div class="hero">
${COVER}
<div>
<h1>${TITLE}</h1>
<p class="author">${AUTHOR}</p>
${reviews.status === "fulfilled" ? stars(reviews.value) : undefined}
</div>
<p class="summary">Twins of one name, parted as infants, come to the same town for one day, each with a servant who has a twin as well. Everybody takes everybody for somebody else.</p>
</div>
<h2>Details</h2>
${details.status === "fulfilled" ? imprint(details.value) : missing("Details", details)}
</article>`;
}

function readers({ reviews }: PageModel): Html {
  return html`<section class="readers" aria-labelledby="reviews">
<h2 id="reviews">Reviews</h2>
${reviews.status === "fulfilled" ? quotes(reviews.value) : missing("Reviews", reviews)}
</section>`;
}

function stars(reviews: ProductReviews): Html {
  const count = starsOf(reviews);
  const label = count === 1 ? "1 star" : `${count} stars`;
  const notes = { notAsked: "nobody was asked", rated: "of 5", unavailable: "Ratings are unavailable" };
  return html`<p class="stars"><span role="img" aria-label="${label} of 5">${[1, 2, 3, 4, 5].map((each) => html`<svg viewBox="0 0 24 24" class="${each <= count ? "full" : "empty"}"><path d="m12 2.6 2.9 6 6.6.9-4.8 4.6 1.2 6.5-5.9-3.1-5.9 3.1 1.2-6.5L2.5 9.500l6.600-.9Z"/></svg>`)}</span> <b>${label}</b> <span class="note">${notes[reviews.stars.case]}</span></p>`;
}

function imprint(details: ProductDetails): Html {
  const rows: readonly (readonly [string, string | number])[] = [
    ["Format", details.format],
    ["Pages", details.pages],
    ["First printed", details.year],
    ["Publisher", details.publisher],
    ["Language", details.language],
    ["ISBN", details.isbn],
  ];
  return html`<dl>${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function quotes({ reviews }: ProductReviews): Html {
  return html`<div class="quotes">${reviews.map((review) => html`<blockquote><p>${review.text}</p><footer>${review.reviewer}</footer></blockquote>`)}</div>`;
}

function missing(what: string, result: PromiseRejectedResult): Html {
  return html`<p class="missing" role="status"><b>${what} are unavailable.</b> <span>${reasonOf(result)}</span></p>`;
}

function path({ hops, instances }: PageModel, lane: string): Html {
  return html`<section class="path" aria-labelledby="path">
<div class="title"><h2 id="path">This request</h2><span class="chip" data-lane="${lane}">${lane}</span><a class="again" href="/productpage">Ask again</a></div>
${drawGraph(hops, instances)}
<table>
<thead><tr><th scope="col" class="hop">Hop</th><th scope="col">Service</th><th scope="col" class="version">Version</th><th scope="col">Lane</th><th scope="col">Instance</th></tr></thead>
<tbody>${hops.map((hop, index) => html`<tr><td class="hop">${index + 1}</td><td>${hop.service}</td><td class="version">${hop.version}</td><td><span class="chip" data-lane="${hop.lane}">${hop.lane}</span></td><td><code>${hop.instance}</code></td></tr>`)}</tbody>
</table>
</section>`;
}

function starsOf({ stars }: ProductReviews): number {
  return stars.case === "rated" ? stars.value : 0;
}

function reasonOf({ reason }: PromiseRejectedResult): string {
  return reason instanceof Error ? reason.message : String(reason);
}

/** Two pairs of twins, of whom one pair is in another lane. */
const COVER = html`<svg class="cover" viewBox="0 0 160 220" role="img" aria-label="Cover"><rect class="board" width="160" height="220" rx="6"/><path class="spine" d="M10 0V220"/><g class="twins"><circle cx="68" cy="92" r="34"/><circle class="other" cx="98" cy="92" r="34"/><circle cx="74" cy="148" r="18"/><circle class="other" cx="92" cy="148" r="18"/></g><text x="86" y="32">THE COMEDY</text><text x="86" y="46">OF ERRORS</text><text class="by" x="86" y="200">W. SHAKESPEARE</text></svg>`;
