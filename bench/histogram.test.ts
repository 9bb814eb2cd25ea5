import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Histogram } from "./histogram.ts";

describe("Histogram", () => {
  it("gives percentiles to within 0.4 % from a hundredth of a millisecond to seconds", () => {
    for (const scale of [0.01, 1, 37, 5000]) {
      const histogram = new Histogram();
      for (let i = 1; i <= 1000; i += 1) histogram.record((i / 1000) * scale);
      for (const share of [0.5, 0.9, 0.99]) {
        const error = Math.abs(histogram.percentile(share) / (share * scale) - 1);
        assert.ok(error < 0.005, `${share} of ${scale} is ${(error * 100).toFixed(2)} % off`);
      }
    }
  });

  it("keeps the longest exactly, however long", () => {
    const histogram = new Histogram();
    histogram.record(0.123456);
    histogram.record(60_000.5);
    assert.equal(histogram.maxMs, 60_000.5);
    assert.ok(histogram.percentile(1) >= 10_000);
  });

  it("says 0 of nothing", () => {
    const histogram = new Histogram();
    assert.equal(histogram.percentile(0.99), 0);
    assert.equal(histogram.total, 0);
  });

  it("does not let one outlier move the median", () => {
    const histogram = new Histogram();
    for (let i = 0; i < 99; i += 1) histogram.record(1);
    histogram.record(5000);
    assert.ok(Math.abs(histogram.percentile(0.5) - 1) < 0.005);
    assert.ok(Math.abs(histogram.percentile(0.99) - 1) < 0.005);
    assert.equal(histogram.percentile(1), 5000);
  });

  it("counts what others have counted as if it had been recorded here", () => {
    const [all, first, second] = [new Histogram(), new Histogram(), new Histogram()];
    for (let i = 1; i <= 1000; i += 1) {
      all.record(i / 10);
      (i % 3 === 0 ? first : second).record(i / 10);
    }
    const sum = new Histogram();
    for (const each of [first, second]) sum.add(JSON.parse(JSON.stringify(each.counts())));
    assert.deepEqual(sum.counts(), all.counts());
    assert.equal(sum.percentile(0.99), all.percentile(0.99));
    assert.equal(sum.total, 1000);
  });
});
