import type { StoredCourse } from '#core/courses/records.ts'
import type { World } from '#ports/world.ts'
import type { TreeCourse, TreeSection } from './format/documents.ts'
import { isFolderOf } from './format/names.ts'
import type { StoredContentCourse } from './records.ts'

type Section = { id: string; title: string; isMade: boolean }
type Before = { course: StoredCourse | undefined; record: StoredContentCourse | undefined }

/** By the id the course's file gives, by what the folder was before, or by a title like it; else one is made. */
export const sectionsOf = ({ ids }: World, tree: TreeCourse, { course, record }: Before): (TreeSection & Section)[] => {
  const remembered = new Map(record?.sections.map((each) => [each.folder, each]))
  const free = new Map(course?.sections.map((section) => [section.id, section]))
  const listed = new Set(tree.course?.sections.map(({ folder }) => folder))
  const taken = new Map<string, string>()
  const take = (section: TreeSection, id: string | undefined): void => {
    if (id === undefined || !free.delete(id)) return
    taken.set(section.folder, id)
  }
  const open = (): TreeSection[] => tree.sections.filter(({ folder }) => !taken.has(folder))
  for (const section of open()) take(section, section.id)
  for (const section of open()) take(section, section.id === undefined ? remembered.get(section.folder)?.section : undefined)
  for (const section of open().filter(({ id }) => id === undefined)) {
    const like = [...free.values()].find(({ title }) => title === section.title) ?? [...free.values()].find(({ title }) => isFolderOf(section.folder, title))
    take(section, like?.id)
  }
  const titles = new Map(course?.sections.map(({ id, title }) => [id, title]))
  return tree.sections.map((section) => {
    const there = taken.get(section.folder)
    const id = there ?? section.id ?? ids.make('sec')
    const title = listed.has(section.folder) ? section.title : (titles.get(id) ?? section.title)
    return { ...section, id, title, isMade: there === undefined || (remembered.get(section.folder)?.isMade ?? false) }
  })
}
