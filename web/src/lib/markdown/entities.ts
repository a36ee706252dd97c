import { trustedMarkup } from '../trusted.ts'

/*
 * What markdown-it asks of the package `entities`, by the table of names that every browser has: the package's own weighs a third of the reader.
 * The build puts this in its place.
 */
const place = document.createElement('textarea')

/**
 * `&copy;` as the character it stands for. In a text area nothing is a tag, and nothing is loaded or run. Browsers read old names without their
 * semicolon too (`&notit;` as `¬it;`); CommonMark 6.2 does not, and then it stays as it is.
 */
export const decodeHTMLStrict = (text: string): string => {
  place.innerHTML = trustedMarkup(text)
  return place.value.endsWith(';') && place.value !== ';' ? text : place.value
}
