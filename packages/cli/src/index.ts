/** kiteline: gen, new, call, mock, mesh, lanes, explain, top, bench. */
export {};
