/* What a text may be made of: the tags and attributes that the reader's rules make, and no others. */
const TEXT = ['a', 'abbr', 'blockquote', 'br', 'code', 'del', 'div', 'em', 'figcaption', 'figure', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'img']
const PARTS = ['li', 'ol', 'p', 'pre', 's', 'section', 'span', 'strong', 'sup', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul']
const MATHS = ['math', 'menclose', 'merror', 'mfrac', 'mi', 'mmultiscripts', 'mn', 'mo', 'mover', 'mpadded', 'mphantom', 'mprescripts', 'mroot', 'mrow']
const MORE_MATHS = ['ms', 'mspace', 'msqrt', 'mstyle', 'msub', 'msubsup', 'msup', 'mtable', 'mtd', 'mtext', 'mtr', 'munder', 'munderover']

const ATTRIBUTES = ['alt', 'aria-hidden', 'aria-label', 'class', 'data-picture', 'height', 'href', 'id', 'rel', 'role', 'src', 'start', 'tabindex', 'target']
const MATHS_ATTRIBUTES = ['accent', 'accentunder', 'columnalign', 'columnlines', 'columnspacing', 'depth', 'display', 'displaystyle', 'fence', 'form', 'height']
const MORE_MATHS_ATTRIBUTES = ['largeop', 'linethickness', 'lspace', 'mathcolor', 'mathvariant', 'maxsize', 'minsize', 'movablelimits', 'notation', 'rowlines']
const LAST_ATTRIBUTES = ['rowspacing', 'rspace', 'scriptlevel', 'separator', 'stretchy', 'symmetric', 'title', 'voffset', 'width', 'xmlns']

export const ALLOWED_TAGS = [...TEXT, ...PARTS, ...MATHS, ...MORE_MATHS]
export const ALLOWED_ATTRIBUTES = [...ATTRIBUTES, ...MATHS_ATTRIBUTES, ...MORE_MATHS_ATTRIBUTES, ...LAST_ATTRIBUTES]
