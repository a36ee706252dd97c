export const storefront = {}
