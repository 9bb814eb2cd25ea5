import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HpackDecoder, HpackError } from "./decoder.ts";

function decode(decoder: HpackDecoder, hex: string): [string, string][] {
  const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
  const fields: [string, string][] = [];
  decoder.decode(bytes, 0, bytes.byteLength, { ...everything, add: (name, value) => fields.push([name, value]) });
  return fields;
}

/** Wants all there is. */
const everything = { room: Infinity, skip: () => assert.fail("passed over") };

function table(decoder: HpackDecoder): [string, string][] {
  return Array.from({ length: decoder.table.entries }, (_, age) => [decoder.table.name(age), decoder.table.value(age)]);
}

/** A literal of `length` bytes of "x". */
function literal(length: number): string {
  return "78".repeat(length);
}

describe("header blocks", () => {
  it("are read as in RFC 7541, appendix C.2", () => {
    const decoder = new HpackDecoder();
    assert.deepEqual(decode(decoder, "400a637573746f6d2d6b65790d637573746f6d2d686561646572"), [["custom-key", "custom-header"]]);
    assert.deepEqual([table(decoder), decoder.table.bytes], [[["custom-key", "custom-header"]], 55]);
    assert.deepEqual(decode(new HpackDecoder(), "040c2f73616d706c652f70617468"), [[":path", "/sample/path"]]);
    const never = new HpackDecoder();
    assert.deepEqual(decode(never, "100870617373776f726406736563726574"), [["password", "secret"]]);
    assert.equal(never.table.entries, 0);
    assert.deepEqual(decode(new HpackDecoder(), "82"), [[":method", "GET"]]);
  });

  const requests = {
    "C.3, without Huffman code": [
      "828684410f7777772e6578616d706c652e636f6d",
      "828684be58086e6f2d6361636865",
      "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
    ],
    "C.4, with it": ["828684418cf1e3c2e5f23a6ba0ab90f4ff", "828684be5886a8eb10649cbf", "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"],
  };
  for (const [name, [first = "", second = "", third = ""]] of Object.entries(requests)) {
    it(`are read as in RFC 7541, appendix ${name}`, () => {
      const decoder = new HpackDecoder();
      const authority: [string, string] = [":authority", "www.example.com"];
      assert.deepEqual(decode(decoder, first), [[":method", "GET"], [":scheme", "http"], [":path", "/"], authority]);
      assert.deepEqual([table(decoder), decoder.table.bytes], [[authority], 57]);
      const cache: [string, string] = ["cache-control", "no-cache"];
      assert.deepEqual(decode(decoder, second), [[":method", "GET"], [":scheme", "http"], [":path", "/"], authority, cache]);
      assert.deepEqual([table(decoder), decoder.table.bytes], [[cache, authority], 110]);
      const custom: [string, string] = ["custom-key", "custom-value"];
      assert.deepEqual(decode(decoder, third), [[":method", "GET"], [":scheme", "https"], [":path", "/index.html"], authority, custom]);
      assert.deepEqual([table(decoder), decoder.table.bytes], [[custom, cache, authority], 164]);
    });
  }

  const responses = {
    "C.5, without Huffman code": [
      "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d",
      "4803333037c1c0bf",
      "88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31",
    ],
    "C.6, with it": [
      "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3",
      "4883640effc1c0bf",
      "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007",
    ],
  };
  for (const [name, [first = "", second = "", third = ""]] of Object.entries(responses)) {
    it(`are read, and entries evicted, as in RFC 7541, appendix ${name}`, () => {
      const decoder = new HpackDecoder();
      decoder.allow(256);
      decode(decoder, "3fe101"); // the table is made 256 bytes large
      const control: [string, string] = ["cache-control", "private"];
      const date: [string, string] = ["date", "Mon, 21 Oct 2013 20:13:21 GMT"];
      const location: [string, string] = ["location", "https://www.example.com"];
      assert.deepEqual(decode(decoder, first), [[":status", "302"], control, date, location]);
      assert.deepEqual([table(decoder), decoder.table.bytes], [[location, date, control, [":status", "302"]], 222]);
      assert.deepEqual(decode(decoder, second), [[":status", "307"], control, date, location]);
      assert.deepEqual([table(decoder), decoder.table.bytes], [[[":status", "307"], location, date, control], 222]);
      const later: [string, string] = ["date", "Mon, 21 Oct 2013 20:13:22 GMT"];
      const cookie: [string, string] = ["set-cookie", "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"];
      assert.deepEqual(decode(decoder, third), [[":status", "200"], control, later, location, ["content-encoding", "gzip"], cookie]);
      assert.deepEqual([table(decoder), decoder.table.bytes], [[cookie, ["content-encoding", "gzip"], later], 215]);
    });
  }

  it("give the same string for what is in the table", () => {
    const decoder = new HpackDecoder();
    decode(decoder, "400a637573746f6d2d6b65790d637573746f6d2d686561646572");
    const [[name, value] = []] = decode(decoder, "be");
    assert.deepEqual([name, value], ["custom-key", "custom-header"]);
  });

  it("may name an entry that their own insertion evicts", () => {
    const decoder = new HpackDecoder();
    decoder.allow(64);
    decode(decoder, `3f21 4001610162`); // 64 bytes; a: b takes 34
    assert.deepEqual(decode(decoder, "7e0163"), [["a", "c"]]); // the name of entry 62, which has to go for the new one
    assert.deepEqual(table(decoder), [["a", "c"]]);
  });

  it("empty the table with an entry that is larger than it", () => {
    const decoder = new HpackDecoder();
    decode(decoder, "4001610162");
    assert.equal(decoder.table.entries, 1);
    decode(decoder, `400178 7fe91f${literal(4200)}`);
    assert.deepEqual([decoder.table.entries, decoder.table.bytes], [0, 0]);
  });

  it("may shrink the table and let it grow again, but only to what is allowed, and only at their beginning", () => {
    const decoder = new HpackDecoder();
    decode(decoder, "4001610162");
    assert.deepEqual(decode(decoder, "20 3fe11f 82"), [[":method", "GET"]]);
    assert.deepEqual([decoder.table.entries, decoder.table.maxBytes], [0, 4096]);
    assert.throws(() => decode(new HpackDecoder(), "3fe21f"), /grow to 4097 bytes, more than 4096 \(headerTableBytes\)/);
    assert.throws(() => decode(new HpackDecoder(), "8220"), /after its first field/);
  });

  it("must shrink the table when it is asked for", () => {
    const decoder = new HpackDecoder();
    decoder.allow(100);
    assert.throws(() => decode(decoder, "82"), /does not shrink the table to 100 bytes/);
    assert.deepEqual(decode(decoder, "3f45 82"), [[":method", "GET"]]);
    assert.deepEqual(decode(decoder, "82"), [[":method", "GET"]]);
  });

  const broken: Record<string, [hex: string, message: RegExp]> = {
    "index 0": ["80", /entry 0/],
    "an index beyond the tables": ["be", /entry 62, but the table has 61/],
    "a name beyond the tables": ["7e0161", /entry 62/],
    "a number cut off": ["ff", /ends within a number/],
    "a number without end": ["ffffffffffff", /too large/],
    "a name cut off": ["4003 6162", /3 bytes does not fit into the 2 left/],
    "a value missing": ["40 0161", /ends before a string/],
    "a Huffman string padded with zeros": ["4001 61 8118", /not Huffman/],
  };
  for (const [what, [hex, message]] of Object.entries(broken)) {
    it(`cannot have ${what}`, () => {
      assert.throws(
        () => decode(new HpackDecoder(), hex),
        (error: Error) => error instanceof HpackError && message.test(error.message),
      );
    });
  }

  it("tell which fields have characters they may not have, also when they come out of the table", () => {
    const decoder = new HpackDecoder();
    const lawful = (hex: string): boolean[] => {
      const found: boolean[] = [];
      const bytes = Buffer.from(hex, "hex");
      decoder.decode(bytes, 0, bytes.byteLength, { ...everything, add: (_name, _value, isLawful) => found.push(isLawful) });
      return found;
    };
    assert.deepEqual(lawful("0001610162"), [true]);
    assert.deepEqual(lawful("0001410162"), [false], "a name in capitals");
    assert.deepEqual(lawful("00000162"), [false], "no name");
    assert.deepEqual(lawful("0002613a0162"), [false], "a colon in a name");
    assert.deepEqual(lawful("000161020d0a"), [false], "a line break");
    assert.deepEqual(lawful("0001610100"), [false], "a NUL");
    assert.deepEqual(lawful("0001610120"), [false], "a space around");
    assert.deepEqual(lawful("000161" + "03612062"), [true], "a space within");
    assert.deepEqual(lawful("00016100"), [true], "an empty value");
    const long = (last: string): string => `0001617f${"ad"}02${literal(299)}${last}${literal(128)}`; // 127 + 45 + 2 * 128 = 428
    for (const [last, is] of [
      ["78", true],
      ["20", true],
      ["00", false],
      ["0a", false],
      ["0d", false],
    ] as const)
      assert.deepEqual(lawful(long(last)), [is], `${last} in a long value`);
    assert.deepEqual(lawful(`0001617f${"ad"}02${literal(427)}20`), [false], "a space behind a long value");
    assert.deepEqual(lawful("4001410162"), [false]);
    assert.deepEqual(lawful("be"), [false], "the same, now from the table");
    assert.deepEqual(lawful("7e0163"), [false], "its name, too");
  });
});

describe("strings that nobody has room for", () => {
  function read(decoder: HpackDecoder, hex: string, room: number): { fields: string[]; skipped: number } {
    const bytes = Buffer.from(hex, "hex");
    const found = { fields: [] as string[], skipped: 0 };
    decoder.decode(bytes, 0, bytes.byteLength, {
      room,
      add: (name, value) => void found.fields.push(`${name}: ${value}`),
      skip: (bytes) => void (found.skipped += bytes),
    });
    return found;
  }
  const tenLetters = `0a${literal(10)}`;

  it("are passed over, and what follows them is read", () => {
    const plain = read(new HpackDecoder(), `000161${tenLetters}` + "82", 9);
    assert.deepEqual(plain, { fields: [":method: GET"], skipped: 10 });
    const names = read(new HpackDecoder(), `00${tenLetters}0161` + "82", 9);
    assert.deepEqual(names, { fields: [":method: GET"], skipped: 10 });
    assert.deepEqual(read(new HpackDecoder(), `000161${tenLetters}`, 10), { fields: ["a: xxxxxxxxxx"], skipped: 0 });
  });

  it("are read nevertheless where the table keeps them, and empty it where it cannot", () => {
    const decoder = new HpackDecoder();
    assert.equal(read(decoder, `400161${tenLetters}`, 9).fields.length, 1);
    assert.deepEqual(table(decoder), [["a", "xxxxxxxxxx"]]);
    const large = `7f${"81"}1f${literal(4096)}`; // 127 + 1 + 31 * 128 = 4096
    assert.equal(read(decoder, `400161${large}`, 9).skipped, 4096);
    assert.equal(decoder.table.entries, 0);
  });
});
