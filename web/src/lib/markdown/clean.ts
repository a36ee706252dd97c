import DOMPurify, { type Config } from 'dompurify'
import { ALLOWED_ATTRIBUTES, ALLOWED_TAGS } from './allowed.ts'

const CONFIG: Config = {
  ALLOWED_TAGS,
  ALLOWED_ATTR: ALLOWED_ATTRIBUTES,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|tel:|(?![a-z][a-z0-9+.-]*:))/i,
  SANITIZE_NAMED_PROPS: false,
}

/**
 * What the reader made, looked through once more by another hand: only the tags and attributes it makes are left. A mistake in a rule, or in a
 * package that typesets, then shows a text that lacks something and not one that runs something.
 */
export const cleaned = (html: string): string => DOMPurify.sanitize(html, CONFIG)
