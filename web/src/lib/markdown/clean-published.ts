import sanitizeHtml, { type IOptions } from 'sanitize-html'
import { ALLOWED_ATTRIBUTES, ALLOWED_TAGS } from './allowed.ts'

const OPTIONS: IOptions = {
  allowedTags: ALLOWED_TAGS,
  allowedAttributes: { '*': ALLOWED_ATTRIBUTES },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesAppliedToAttributes: ['href', 'src'],
  allowProtocolRelative: true,
  disallowedTagsMode: 'discard',
  // An address may be empty, as CommonMark has it.
  nonBooleanAttributes: [],
  // MathML names some attributes in mixed case, and HTML's own are small already.
  parser: { lowerCaseTags: true, lowerCaseAttributeNames: true },
}

/** The second hand of `clean.ts` where there is no browser: what is published has been looked through by it. */
export const cleanedForPublishing = (html: string): string => sanitizeHtml(html, OPTIONS)
