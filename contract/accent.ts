import * as z from 'zod/mini'

/** A school's one colour as OKLCH has it: the hue in degrees, and how strong it is. How light a shade is, the theme says. */
export const Accent = z.object({
  hue: z.number().check(z.minimum(0), z.maximum(360)),
  chroma: z.number().check(z.minimum(0), z.maximum(0.2)),
})
export type Accent = z.infer<typeof Accent>

/** The colour of a school that has chosen none. */
export const USUAL_ACCENT: Accent = { hue: 186, chroma: 0.1 }

/** What WCAG 2.2 asks of text of any size, 1.4.3. */
export const LEAST_CONTRAST = 4.5

type Rgb = readonly [number, number, number]

/** Björn Ottosson's OKLab to linear sRGB; what the screen cannot show is cut off, as browsers do. */
const linearOf = (lightness: number, { hue, chroma }: Accent): Rgb => {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)]
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const cut = (value: number): number => Math.min(1, Math.max(0, value))
  return [
    cut(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    cut(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    cut(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

const luminance = ([red, green, blue]: Rgb): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue
const contrast = (one: Rgb, other: Rgb): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

const GREY = { hue: 0, chroma: 0 }

/** The shades that text is written in and buttons are filled with, by theme, and what lies behind them. As web/src/ui/theme.css has them. */
const SHADES = {
  light: { lightness: 0.48, strength: 0.84, behind: [0.992, 1] },
  dark: { lightness: 0.77, strength: 1.12, behind: [0.18, 0.245] },
} as const
export type Theme = keyof typeof SHADES

const shadeOf = ({ hue, chroma }: Accent, theme: Theme): Rgb => linearOf(SHADES[theme].lightness, { hue, chroma: chroma * SHADES[theme].strength })

/** How well the accent is told from what lies behind it, at worst: as text, and as a button's filling behind its words. */
export const contrastOf = (accent: Accent, theme: Theme): number =>
  Math.min(...SHADES[theme].behind.map((lightness) => contrast(shadeOf(accent, theme), linearOf(lightness, GREY))))

const encoded = (value: number): number => (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055)
const decoded = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)

/** `#0f766e`: the accent as a theme shows it, for whoever knows no OKLCH. */
export const hexOf = (accent: Accent, theme: Theme): string =>
  `#${shadeOf(accent, theme)
    .map((value) =>
      Math.round(encoded(value) * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`

/** The accent nearest to a colour such as `#d97706`: its hue, and its strength as far as every shade can have it. */
export const accentOf = (hex: string): Accent | undefined => {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex)
  if (!found) return undefined
  const [red = 0, green = 0, blue = 0] = found.slice(1).map((part) => decoded(Number.parseInt(part, 16) / 255))
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s
  const b = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
  const hue = (Math.atan2(b, a) * 180) / Math.PI
  const chroma = Math.min(0.2, Math.hypot(a, b))
  return { hue: Math.round(hue < 0 ? hue + 360 : hue) % 360, chroma: Math.round(chroma * 1000) / 1000 }
}
