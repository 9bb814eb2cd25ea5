#!/usr/bin/env node
/** The `kiteline` command. */
export {};
