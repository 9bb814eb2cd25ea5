/** Istio and Kubernetes YAML to policy values, and what is wrong with it. */
export {};
