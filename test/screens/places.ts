import type { ContractRouterClient } from '@orpc/contract'
import type { Page } from 'playwright-core'
import type { Contract } from '#contract/contract.ts'
import { watching } from '#test/journeys/pages.ts'
import { eventually } from '#test/journeys/program.ts'

export type Who = 'visitor' | 'learner' | 'teacher' | 'owner'
export type Client = ContractRouterClient<Contract>

/** A page that is shown: where it lies, who looks, and what has to be there, or is done, before the picture. */
export type Place = { name: string; who: Who; path: string; see(page: Page): Promise<unknown> }

const heading = (name: string | RegExp) => (page: Page) => page.getByRole('heading', { name }).first().waitFor()

/** The lecture in the middle of a slide, with the player’s controls at rest. */
const lecture = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Play', exact: true }).first().click()
  await eventually('the lecture to play', async () => ((await watching(page)).frames > 5 ? true : undefined))
  await page.locator('video').evaluate((video: { currentTime: number; pause(): void }) => {
    video.pause()
    video.currentTime = 12.5
  })
  await eventually('the slide', async () => ((await watching(page)).seconds >= 12.5 ? true : undefined))
  // What a hand on the player would show is not to cover the picture.
  await page.evaluate('document.activeElement?.blur()')
  await page.mouse.move(5, 5)
  await page.getByText('Resumed at').waitFor({ state: 'hidden' })
}

const paper = async (page: Page): Promise<void> => {
  await page
    .getByRole('button', { name: /^(Begin|Start|Go on)/ })
    .first()
    .click()
  await page.getByRole('radio').first().check()
  await page.getByText('Saved').first().waitFor()
}

/** The pages of the demo school that its front page would show. */
export const placesOf = async ({ teacher, learner }: Record<'teacher' | 'learner', Client>): Promise<Place[]> => {
  const { courses } = await teacher.courses.mine({})
  const { id: course, slug = '' } = courses.find(({ title }) => title === 'The Shape of a Sentence') ?? { id: '' }
  const lessons = (await teacher.courses.get({ course })).sections.flatMap((section) => section.lessons)
  const lesson = (title: string): string => lessons.find((each) => each.title === title)?.id ?? ''
  const { certificates } = await learner.certificates.mine({})
  const learn = (title: string): string => `/learn/${course}/${lesson(title)}`
  return [
    { name: 'home', who: 'visitor', path: '/', see: heading('The Shape of a Sentence') },
    { name: 'course', who: 'visitor', path: `/courses/${slug}`, see: heading('The Shape of a Sentence') },
    { name: 'lesson', who: 'learner', path: learn('Where the weight falls'), see: lecture },
    { name: 'learning', who: 'learner', path: '/learning', see: heading(/learning/i) },
    { name: 'quiz', who: 'learner', path: learn('Do you hear the weight?'), see: paper },
    { name: 'talk', who: 'learner', path: `/learn/${course}/talk`, see: (page) => page.getByText('Before and after').first().waitFor() },
    { name: 'certificate', who: 'visitor', path: `/certificates/${certificates[0]?.id ?? ''}`, see: (page) => page.getByText('Lena Larsen').first().waitFor() },
    { name: 'builder', who: 'teacher', path: `/teach/courses/${course}`, see: (page) => page.getByRole('textbox', { name: 'Course title' }).waitFor() },
    { name: 'insights', who: 'teacher', path: `/teach/courses/${course}/insights`, see: heading('Lesson by lesson') },
    { name: 'grading', who: 'teacher', path: `/teach/courses/${course}/handings`, see: (page) => page.getByText('One page, rewritten').first().waitFor() },
    { name: 'money', who: 'owner', path: '/school/money', see: heading('Revenue by month') },
  ]
}
