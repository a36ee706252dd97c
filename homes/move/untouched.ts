import type { ObjectEntry } from '#ports/objects.ts'
import type { Item } from '#ports/tables.ts'

/** How far timers have looked. */
export const isUntouchedItem = ({ pk }: Pick<Item, 'pk'>): boolean => /^(money-report|read|swept)#/.test(pk)

/** What every school begins with: its recipes, and the web app's page. */
export const isUntouchedObject = ({ key }: Pick<ObjectEntry, 'key'>): boolean => /^(recipes|web)\//.test(key)
