/** What a mesh may say about calls, as plain values: routes, matchers, clusters, endpoints, retry, limits, outlier, TLS. */
export {};
