import { addTranslation } from 'media-chrome/dist/utils/i18n.js'

/** Gives what media-chrome names by itself the school's own words. */
export const nameControls = (t: (key: string) => string): void =>
  addTranslation('en', {
    'video player': t('controls.region'),
    seek: t('player.seek'),
    volume: t('player.volume'),
    'media loading': t('player.starting'),
  })
