import './styles.ts'
import addresses from 'virtual:addresses/inside'
import { init } from 'virtual:nuxt-ui-icons'
import texts from 'virtual:texts/inside'
import { addIcon } from '@iconify/vue'
import { i18n } from '../lib/i18n.ts'
import { takeAddresses } from '../lib/routes.ts'

/** A chunk of its own, which visitors never load. */
export const takeEverything = (): void => {
  init((name, icon) => addIcon(name.replace(':', '-'), icon))
  takeAddresses(addresses)
  i18n.global.mergeLocaleMessage('en', texts)
}
