import { addTranslation } from 'media-chrome/dist/utils/i18n.js'

/** Gives the player's controls the school's own words. */
export const nameControls = (t: (key: string) => string): void =>
  addTranslation('en', {
    quality: t('player.quality'),
    Quality: t('player.quality'),
    Auto: t('player.auto'),
    'current playback rate': t('player.speed'),
    'Playback rate': t('player.speed'),
    'Playback rate {playbackRate}': `${t('player.speed')} {playbackRate}x`,
    'closed captions': t('player.captions'),
    Captions: t('player.captions'),
    'seek back {seekOffset} seconds': t('player.back'),
    'seek forward {seekOffset} seconds': t('player.forward'),
    'Seek backward': t('player.back'),
    'Seek forward': t('player.forward'),
    seek: t('player.seek'),
    volume: t('player.volume'),
    'media loading': t('player.starting'),
  })
