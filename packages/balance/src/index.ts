/** A route's subsets to one endpoint: priorities, localities, policies, ejection, slow start, panic. */
export {};
