import DOMPurify, { type Config } from 'dompurify'

const TEXT = ['a', 'abbr', 'blockquote', 'br', 'code', 'del', 'div', 'em', 'figcaption', 'figure', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'img']
const PARTS = ['li', 'ol', 'p', 'pre', 's', 'section', 'span', 'strong', 'sup', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul']
const MATHS = ['math', 'menclose', 'merror', 'mfrac', 'mi', 'mmultiscripts', 'mn', 'mo', 'mover', 'mpadded', 'mphantom', 'mprescripts', 'mroot', 'mrow']
const MORE_MATHS = ['ms', 'mspace', 'msqrt', 'mstyle', 'msub', 'msubsup', 'msup', 'mtable', 'mtd', 'mtext', 'mtr', 'munder', 'munderover']

const ATTRIBUTES = ['alt', 'aria-hidden', 'aria-label', 'class', 'data-picture', 'height', 'href', 'id', 'rel', 'role', 'src', 'start', 'tabindex', 'target']
const MATHS_ATTRIBUTES = ['accent', 'accentunder', 'columnalign', 'columnlines', 'columnspacing', 'depth', 'display', 'displaystyle', 'fence', 'form', 'height']
const MORE_MATHS_ATTRIBUTES = ['largeop', 'linethickness', 'lspace', 'mathcolor', 'mathvariant', 'maxsize', 'minsize', 'movablelimits', 'notation', 'rowlines']
const LAST_ATTRIBUTES = ['rowspacing', 'rspace', 'scriptlevel', 'separator', 'stretchy', 'symmetric', 'title', 'voffset', 'width', 'xmlns']

const CONFIG: Config = {
  ALLOWED_TAGS: [...TEXT, ...PARTS, ...MATHS, ...MORE_MATHS],
  ALLOWED_ATTR: [...ATTRIBUTES, ...MATHS_ATTRIBUTES, ...MORE_MATHS_ATTRIBUTES, ...LAST_ATTRIBUTES],
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
