struct Person {
  1: string name
  2: optional i32 born
}

service Common {
  string ping()
}
