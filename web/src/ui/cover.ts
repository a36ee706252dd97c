/** A source of numbers in [0, 1) that a word decides: the same course always gets the same cover. */
const drawn = (word: string): (() => number) => {
  // FNV-1a, then mulberry32.
  let seed = 0x811c9dc5
  for (const letter of word) seed = Math.imul(seed ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

export const COVER = { width: 640, height: 400 }

export type CoverShape = { path: string; fill: string; opacity: number }
export type Cover = { from: string; to: string; angle: number; shapes: CoverShape[] }

type Palette = { light: string; bright: string; deep: string; warm: string }
type Pattern = (next: () => number, palette: Palette) => CoverShape[]

const pick = <T>(next: () => number, choices: readonly [T, ...T[]]): T => choices[Math.floor(next() * choices.length)] ?? choices[0]
const disc = (x: number, y: number, r: number): string => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`

const TILE = 80

// A quarter disc in one of the tile's four corners.
const quarter = (x: number, y: number, turn: number): string => {
  const corners = [
    `M${x} ${y}h${TILE}a${TILE} ${TILE} 0 0 1 ${-TILE} ${TILE}z`,
    `M${x + TILE} ${y}v${TILE}a${TILE} ${TILE} 0 0 1 ${-TILE} ${-TILE}z`,
    `M${x + TILE} ${y + TILE}h${-TILE}a${TILE} ${TILE} 0 0 1 ${TILE} ${-TILE}z`,
    `M${x} ${y + TILE}v${-TILE}a${TILE} ${TILE} 0 0 1 ${TILE} ${TILE}z`,
  ]
  return corners[turn % 4] ?? ''
}

const tiles: Pattern = (next, { light, bright, deep, warm }) => {
  const shapes: CoverShape[] = []
  for (let y = 0; y < COVER.height; y += TILE) {
    for (let x = 0; x < COVER.width; x += TILE) {
      const chance = next()
      const fill = pick(next, [light, bright, bright, deep, deep, warm])
      const turn = Math.floor(next() * 4)
      if (chance < 0.3) continue
      shapes.push({ path: chance > 0.9 ? disc(x + TILE / 2, y + TILE / 2, TILE / 4) : quarter(x, y, turn), fill, opacity: 0.35 + next() * 0.6 })
    }
  }
  return shapes
}

const rings: Pattern = (next, { light, bright, deep, warm }) => {
  const x = pick(next, [0, 160, 480, 640])
  const y = pick(next, [0, 400])
  const ring = (step: number): CoverShape => ({
    path: disc(x, y, 560 - step * 74),
    fill: [deep, bright, deep, light, deep, warm, deep][step] ?? deep,
    opacity: 0.34 + step * 0.08,
  })
  return Array.from({ length: 7 }, (_, step) => ring(step))
}

const hills: Pattern = (next, { light, bright, deep, warm }) => {
  const sun: CoverShape = { path: disc(120 + next() * 400, 110 + next() * 60, 52 + next() * 34), fill: warm, opacity: 0.95 }
  const hill = (row: number): CoverShape => {
    const top = 170 + row * 52
    const swell = 40 + next() * 50
    const shift = next() * 120
    return {
      path: `M-20 ${top}C${120 + shift} ${top - swell} ${220 + shift} ${top + swell} ${360 + shift / 2} ${top}S${560} ${top - swell} 660 ${top + 10}V420H-20z`,
      fill: [light, bright, deep, deep][row] ?? deep,
      opacity: 0.42 + row * 0.16,
    }
  }
  return [sun, ...[0, 1, 2, 3].map(hill)]
}

const bars: Pattern = (next, { light, bright, deep, warm }) => {
  const count = 16
  const wide = COVER.width / count
  const phase = next() * 6
  const bar = (place: number): CoverShape => {
    const tall = 60 + (Math.sin(place * 0.55 + phase) + 1) * 105 + next() * 60
    const radius = wide * 0.31
    return {
      path: `M${place * wide + wide * 0.19} ${200 - tall / 2}a${radius} ${radius} 0 0 1 ${2 * radius} 0v${tall}a${radius} ${radius} 0 0 1 ${-2 * radius} 0z`,
      fill: pick(next, [light, bright, bright, deep, warm]),
      opacity: 0.55 + next() * 0.4,
    }
  }
  return Array.from({ length: count }, (_, place) => bar(place))
}

const discs: Pattern = (next, { light, bright, deep, warm }) => {
  const fills = [deep, bright, light, deep, warm]
  return fills.map((fill, place) => ({ path: disc(90 + next() * 460, 60 + next() * 280, 190 - place * 34), fill, opacity: 0.62 }))
}

/** Gradient and pattern of a course without a picture, made from its id. */
export const coverOf = (id: string): Cover => {
  const next = drawn(id)
  const hue = Math.floor(next() * 360)
  const away = hue + pick(next, [28, 48, -36])
  const palette: Palette = {
    light: `oklch(88% 0.06 ${away})`,
    bright: `oklch(66% 0.13 ${hue})`,
    deep: `oklch(34% 0.08 ${hue})`,
    warm: `oklch(84% 0.13 ${hue + 150})`,
  }
  const pattern = pick(next, [tiles, rings, hills, bars, discs])
  return { from: `oklch(52% 0.1 ${hue})`, to: `oklch(40% 0.1 ${away})`, angle: Math.floor(next() * 90), shapes: pattern(next, palette) }
}
