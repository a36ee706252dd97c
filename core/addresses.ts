/** Addresses differ only where people would say so. */
export const normalEmail = (typed: string): string => typed.trim().normalize('NFKC').toLowerCase()
