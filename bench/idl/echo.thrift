struct Req {
  1: string action
  2: string msg
}

struct Resp {
  1: string action
  2: string msg
}

service Echo {
  Resp echo(1: Req req)
}
