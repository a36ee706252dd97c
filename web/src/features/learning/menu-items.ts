import { formatClock } from '../../lib/clock.ts'
import { SPEEDS, shownSpeed } from './speeds.ts'
import type { MenuPage, Player } from './usePlayer.ts'

/** A line of the menu: leads to a page, is chosen among others, is on or off, or does something. */
export type MenuItem = {
  key: string
  label: string
  kind: 'page' | 'radio' | 'switch' | 'action'
  icon?: string
  value?: string
  isOn?: boolean
  act(): void
}

type Words = (key: string, values?: Record<string, unknown>) => string

const qualityName = (player: Player, t: Words, index: number): string => {
  const name = player.qualities.list.find((each) => each.index === index)?.name
  if (name !== undefined) return name
  return player.qualities.playing === '' || player.qualities.chosen !== -1 ? t('player.auto') : t('controls.autoNow', { quality: player.qualities.playing })
}

const all = (player: Player, t: Words): MenuItem[] => {
  const to = (page: MenuPage) => (): void => {
    player.menu = page
  }
  const track = player.tracks.find(({ language }) => language === player.language)
  const captions: MenuItem = {
    key: 'captions',
    kind: 'page',
    label: t('player.captions'),
    icon: 'i-lucide-captions',
    value: track?.label ?? t('player.off'),
    act: to('captions'),
  }
  const quality: MenuItem = {
    key: 'quality',
    kind: 'page',
    label: t('player.quality'),
    icon: 'i-lucide-sliders-horizontal',
    value: qualityName(player, t, player.qualities.chosen),
    act: to('quality'),
  }
  const chapters: MenuItem = {
    key: 'chapters',
    kind: 'page',
    label: t('lesson.chapters'),
    icon: 'i-lucide-list',
    value: player.chapter?.title ?? '',
    act: to('chapters'),
  }
  const autoplay: MenuItem = {
    ...{ key: 'autoplay', kind: 'switch', label: t('controls.autoplay'), icon: 'i-lucide-list-video', isOn: player.isAutoplay },
    act: () => {
      player.isAutoplay = !player.isAutoplay
    },
  }
  return [
    ...(player.tracks.length > 0 ? [captions] : []),
    { key: 'speed', kind: 'page', label: t('player.speed'), icon: 'i-lucide-gauge', value: shownSpeed(player.speed), act: to('speed') },
    ...(player.qualities.list.length > 0 ? [quality] : []),
    ...(player.chapters.length > 0 ? [chapters] : []),
    ...(player.neighbours.next === undefined ? [] : [autoplay]),
    { key: 'help', kind: 'action', label: t('controls.keyboard'), icon: 'i-lucide-keyboard', act: () => player.perform({ action: 'help' }) },
  ]
}

const captions = (player: Player, t: Words): MenuItem[] => [
  { key: '', kind: 'radio', label: t('player.off'), isOn: player.language === '', act: () => player.setLanguage('') },
  ...player.tracks.map(
    ({ language, label }): MenuItem => ({ key: language, kind: 'radio', label, isOn: player.language === language, act: () => player.setLanguage(language) }),
  ),
  {
    ...{ key: 'look', kind: 'page', label: t('controls.look.title'), icon: 'i-lucide-type' },
    act: () => {
      player.menu = 'look'
    },
  },
]

const speed = (player: Player, t: Words): MenuItem[] =>
  SPEEDS.map((each) => ({
    ...{ key: String(each), kind: 'radio', isOn: player.speed === each, act: () => player.setSpeed(each) },
    label: each === 1 ? t('controls.usualSpeed') : shownSpeed(each),
  }))

const quality = (player: Player, t: Words): MenuItem[] =>
  [-1, ...player.qualities.list.map(({ index }) => index)].map((index) => ({
    ...{ key: String(index), kind: 'radio', label: qualityName(player, t, index), isOn: player.qualities.chosen === index },
    act: () => player.qualities.choose(index),
  }))

const chapters = (player: Player): MenuItem[] =>
  player.chapters.map((chapter) => ({
    ...{ key: String(chapter.startSeconds), kind: 'radio', label: chapter.title, value: formatClock(chapter.startSeconds), isOn: chapter === player.chapter },
    act: () => player.seek(chapter.startSeconds),
  }))

/** What stands on a page of the menu; how captions look has a page of its own kind. */
export const itemsOf = (page: MenuPage, player: Player, t: Words): MenuItem[] => {
  const pages: Record<MenuPage, (player: Player, t: Words) => MenuItem[]> = { all, captions, speed, quality, chapters, look: () => [] }
  return pages[page](player, t)
}
