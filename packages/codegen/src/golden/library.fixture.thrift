/** A lending library: one of everything that IDL can say. */
include "base.fixture.thrift"

namespace go library

/** How a loan stands. */
enum Status {
  /** With the reader. */
  OUT = 1
  BACK = 2 // returned in time
  /** A negative number is fine, too. */
  LOST = -1
}

typedef i64 (js.type = "number") Millis
typedef list<Book> Books

/** Books that one reader may have at a time. */
const i32 MAX_LOANS = 20
const string NOTICE = "Say \"please\", don't shout."
const list<i32> SIZES = [8, 16, 32]
const map<Status, string> LABELS = { Status.OUT: "lent", Status.BACK: "here" }
const Book FIRST = { "isbn": "978-0", "status": Status.BACK }

/** A book on a shelf. */
struct Book {
  1: required string isbn
  2: string title
  3: i32 copies = 1
  4: Status status = Status.BACK
  5: optional double rating
  /** Oldest first. */
  6: list<Loan> loans
  7: set<string> tags = ["new"]
  8: map<string, list<i64>> sales
  9: binary cover
  10: base.fixture.Person author
  11: optional Book sequel
  12: Book prequel
  13: uuid id
  14: i64 (js.type = "string") shelf = 42
}

struct Loan {
  1: Millis since
  2: optional Millis until
  3: bool extended
}

/** Where a book can be. */
union Place {
  /** The number of a shelf. */
  1: i32 shelf
  2: base.fixture.Person reader
  3: list<string> rooms
}

/** The book is not there. */
exception NotFound {
  1: required string isbn
  2: string message
  /** Others that might do. */
  3: list<string> similar
  4: optional i32 code (deprecated = "ask again")
}

exception Closed {}

/** Lends books. */
service Library extends base.fixture.Common {
  /** Finds a book by its number. */
  Book Find(1: string isbn) throws (1: NotFound missing /* when there is none */, 2: Closed closed) (idempotent = "true")
  /** Puts a book somewhere. */
  Place move(1: Book book, 2: Place place, 3: i32 copies = 1)
  Books all()
  oneway void tidy(1: list<Place> places)
}
