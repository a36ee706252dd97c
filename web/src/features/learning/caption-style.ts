export const CAPTION_CHOICES = {
  size: ['small', 'normal', 'large', 'huge'],
  colour: ['white', 'yellow', 'cyan', 'green'],
  background: ['none', 'half', 'most', 'full'],
  font: ['sans', 'serif', 'mono', 'round'],
  edge: ['none', 'shadow', 'outline', 'raised'],
} as const

export type CaptionChoice = keyof typeof CAPTION_CHOICES
export type CaptionStyle = { [C in CaptionChoice]: (typeof CAPTION_CHOICES)[C][number] }

export const USUAL_CAPTIONS: CaptionStyle = { size: 'normal', colour: 'white', background: 'most', font: 'sans', edge: 'none' }

const SIZES: Record<CaptionStyle['size'], number> = { small: 0.75, normal: 1, large: 1.35, huge: 1.8 }
export const CAPTION_COLOURS: Record<CaptionStyle['colour'], string> = { white: '#fff', yellow: '#ffe14d', cyan: '#6fe8ff', green: '#7dfa8a' }
const OPACITIES: Record<CaptionStyle['background'], number> = { none: 0, half: 0.5, most: 0.75, full: 1 }
const FONTS: Record<CaptionStyle['font'], string> = {
  sans: 'var(--font-sans)',
  serif: 'ui-serif, Georgia, "Times New Roman", serif',
  mono: 'ui-monospace, Menlo, Consolas, monospace',
  round: 'ui-rounded, "Comic Sans MS", "Comic Neue", "Chalkboard SE", cursive',
}
const OUTLINE = ['-1px -1px', '1px -1px', '-1px 1px', '1px 1px', '0 -1px', '0 1px', '-1px 0', '1px 0'].map((at) => `${at} 1px #000`).join(', ')
const EDGES: Record<CaptionStyle['edge'], string> = {
  none: 'none',
  shadow: '0 0.06em 0.14em #000, 0 0 0.3em rgb(0 0 0 / 0.7)',
  outline: OUTLINE,
  raised: '1px 1px 0 #333, 2px 2px 0 #000, 0 0 3px rgb(0 0 0 / 0.6)',
}

/** For the layer captions are drawn in; sizes go with the picture’s (`cqi`: a hundredth of its width). */
export const captionCss = ({ size, colour, background, font, edge }: CaptionStyle): Record<`--caption-${string}`, string> => ({
  '--caption-size': `calc(clamp(0.875rem, 2.35cqi, 2.75rem) * ${SIZES[size]})`,
  '--caption-colour': CAPTION_COLOURS[colour],
  '--caption-background': `rgb(0 0 0 / ${OPACITIES[background]})`,
  '--caption-font': FONTS[font],
  '--caption-edge': EDGES[edge],
})

const oneOf = <T extends string>(choices: readonly T[], value: unknown, usual: T): T => choices.find((each) => each === value) ?? usual

/** A style from whatever a browser has kept: what is not a choice any more is as usual. */
export const asCaptionStyle = (kept: unknown): CaptionStyle => {
  const given: Record<string, unknown> = typeof kept === 'object' && kept !== null ? { ...kept } : {}
  return {
    size: oneOf(CAPTION_CHOICES.size, given['size'], USUAL_CAPTIONS.size),
    colour: oneOf(CAPTION_CHOICES.colour, given['colour'], USUAL_CAPTIONS.colour),
    background: oneOf(CAPTION_CHOICES.background, given['background'], USUAL_CAPTIONS.background),
    font: oneOf(CAPTION_CHOICES.font, given['font'], USUAL_CAPTIONS.font),
    edge: oneOf(CAPTION_CHOICES.edge, given['edge'], USUAL_CAPTIONS.edge),
  }
}
