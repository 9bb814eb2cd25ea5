/** What generated code imports; not for hands. */
export {};
