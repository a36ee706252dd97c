/** What a browser says of itself, as far as it says it. */
export type Told = {
  userAgent: string
  maxTouchPoints: number
  /** Chromium’s own, with plain names where the user agent’s text has history. */
  userAgentData?: { brands: readonly { brand: string }[]; platform: string } | undefined
}

type Named = { browser?: string | undefined; system?: string | undefined }

const BRANDS: [fits: RegExp, name: string][] = [
  [/edg/i, 'Edge'],
  [/opera|\bopr\b/i, 'Opera'],
  [/samsung/i, 'Samsung Internet'],
  [/brave/i, 'Brave'],
  [/vivaldi/i, 'Vivaldi'],
  [/chrome/i, 'Chrome'],
  [/chromium/i, 'Chromium'],
]

/** In this order: most of them also name one further down. */
const BROWSERS: [fits: RegExp, name: string][] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\bOPR\/|\bOPT\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Version\/[\d.]+.*Safari\//, 'Safari'],
]

const SYSTEMS: [fits: RegExp, name: string][] = [
  [/iPhone|iPod/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/CrOS|Chrome OS|Chromium OS/, 'ChromeOS'],
  [/Mac OS X|macOS|Macintosh/, 'Mac'],
  [/Linux/, 'Linux'],
]

const nameIn = (names: typeof BROWSERS, said: string): string | undefined => names.find(([fits]) => fits.test(said))?.[1]

/** Browser and system by the names people know them by. */
export const namesOf = ({ userAgent, maxTouchPoints, userAgentData }: Told): Named => {
  const brands = userAgentData?.brands.map(({ brand }) => brand).join(' ') ?? ''
  const system = nameIn(SYSTEMS, userAgentData?.platform ?? '') ?? nameIn(SYSTEMS, userAgent)
  return {
    browser: nameIn(BRANDS, brands) ?? nameIn(BROWSERS, userAgent),
    // An iPad calls itself a Mac, and no Mac has a screen to touch.
    system: system === 'Mac' && maxTouchPoints > 1 ? 'iPad' : system,
  }
}
