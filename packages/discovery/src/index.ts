/** Sources of snapshots: static, file, DNS; the contract of registration. Registries with a server are packages of their own. */
export {};
