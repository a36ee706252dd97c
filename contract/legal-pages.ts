export const LEGAL_PAGES = ['imprint', 'privacy', 'terms', 'refunds'] as const
