/** A call and a snapshot to a route: hosts, matchers, weights, lanes as ordered subsets. */
export {};
