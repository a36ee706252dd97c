/**
 * Characters of a password, in every home. Length is what makes guessing dear. Classes of signs are asked for nowhere: people answer
 * them with a capital first and a `1!` last, and forget it (NIST SP 800-63B advises against them).
 */
export const LEAST_PASSWORD = 10
