/** Upper and lower case, accents and the width of signs are one to whoever looks for a name. */
export const folded = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
