/**
 * Messages that were kept, as bytes, for tests that cut and change them: one of each type of `everything.fixture.proto`, and what
 * no writer of ours writes though every reader must take it.
 */
export const CORPUS: readonly (readonly [type: string, hex: string])[] = [
  [
    "everything.Implicit",
    "09613c157c95734bd4150500000018ce85d1affaffffffff0120ebd0ff8bdee89fb444281130043887bbd2fa0140dfb788f8cda6f980564d8995d961519cbc08cd78d9cb5a5db9cd7633610f08057fa501ecf56801720ff09f8cb2f09d86b9f09d85a5e0b8b28001ddd5998afbffffffff018a011dea89b2f09fa7a3f09b8a87e2a8b8f09283a6f09f8c88ea87a1f09fad9590018c808080808080f0ff019801ddf6aba89ca7eaab8701",
  ],
  [
    "everything.Explicit",
    "091000000000000000150d00008020b2bff88283efa8a52830eeffffffffffffffff0138f8e6e9a00940ecffffffffffffffff014d05000000515b86f731984865845d1e00000061a52ad3e60307d426721ff09b8996e2ba9ff096a89fc2aff096bca8e38898e38b8cf09d929ef09f92ae7a03ce76f580018d808080f8ffffffff01880101",
  ],
  [
    "everything.Repeated",
    "0a0816d00888d24357c912088e2a671126803a101a0fdbfad1b6faffffffff01c494d9ba062213959f928ccfcdb1c35eaab49db6ecd581dfe2012a0129421d8bf2cbcadfdbdfd145abae95c4f8cdab80ef019fd2c3c7e8a7cfa9a5015208696be4c6d42bc1af5a0cb07b47d27378096953b05e0e6208fbffffffffffffff6a020101820114fa9fc3e4fcffffffff01f9999789fbffffffff018a010102aa010af7fc8edeeac2a3f5ff01",
  ],
  [
    "everything.Maps",
    "0a230a03efbd97121cf091b09dea8e80e29c8dea8aa8f090a689ea9693f09d88a4f09293bd1214089bf48dccffffffffff011186a1a7f3a03ed1851a1308a0f991e3dc87c485da011206047ec4b3836d2a0c08dc9dadc9a89cd0d36f10013a1608d9ffffffffffffffff011083fddacaa1e39398d8013a0d082110faffffffffffffffff014a0b09080000000000000010004a0b09f9ffffffffffffff1000",
  ],
  [
    "everything.Chosen",
    "3b095173e1708638671215b9891a4320fbb9c0949589ac9a920128b1b5f802300751ad7f0e95301bb5095d2f13d96568007a0a07a266c27bbecdf253cd8001f8e7b5c3faffffffff018801023c5a1bea9999f09b8489efaa8ff09da29df09fabb2f098abace299acd386",
  ],
  [
    "everything.WellKnown",
    "0a1108f9ffffffffffffffff0110f793ebdc03120d08bba9f6fca40510868cff8303222a0a280a1af09389a665cc82cc89efb591e38db1f0909491e38687f0918095120a1a08efb58de1bda5cf9f3a0042004a02080c521b0a19f090b289e28cbbf0928297f09289aeeaaa84e194b7f09b818d6a0909828ad83d43551ea3720c1a0aea9299efaab0ce97cc807209110e0000000000008072111a0ff09ea081f09da786ea8bbdf09b8abf",
  ],
  [
    "everything.Needs",
    "0a13d783ea949ff090b185e28e92f090bcb3efa9ba12710a20f09d85aae18398f09087afc392f09da78de18393ea8a96c2bff09f8e88efbe8b124d0a2e22ea8bb3f09d86b9f09d85a5f09d85aee0be89f09d8598f09d85a5f091ab92ea8d8bf09d8598f09d85a5f09d85b2121b0a19f096a7bbefab94f09d9c80e2aeb5f0909ea6e1b382f0938b8e",
  ],
  ["everything.Open", "0a0b08cefba6cffeffffffff011227ea9a84f09d86b9f09d85a5e298ad2ef09f858e2cf09d8598f09d85a5f09d85aef09f9ebcefbfa6"],
  ["everything.Open.Inner", "0887a9f6bafbffffffff01"],
  // Varints longer than need be, in a tag, a length and a value.
  ["everything.Explicit", "988080000172818000617a8200aabb"],
  // Fields that come twice, messages and groups among them, and not in their order.
  ["everything.Explicit", "720161720162920102080192010218059b01186f9c019b0138039c01"],
  // Packed where single ones are declared and the reverse, and both for one field.
  ["everything.Repeated", "a2010301020318011a0202031804a001073a0103"],
  // Unknown fields of every wire type, groups in groups among them.
  ["everything.Explicit", "c03e01c13e0102030405060708c23e03616263c33ec43ec33ecb3ed03e01cc3ec43ec53e01020304"],
  // Entries of a map without key, without value, with both twice and with something else.
  ["everything.Maps", "0a0012000a0312017a0a030a01780a0c0a01610a0162120163120164120408011805"],
  // Members of a oneof after one another, a group that is cut by another field, an enum that nobody knows.
  ["everything.Chosen", "0801120161180520cf0f2a0032020801"],
];
