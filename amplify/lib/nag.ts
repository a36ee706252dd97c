import { type App, Stack, Validations } from 'aws-cdk-lib'
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js'
import type { IConstruct } from 'constructs'

/** Both packs over everything; what they find and nobody answers for ends the synthesis. */
export const check = (app: App): void => Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app))

/** Answers for findings on one thing, and whatever is below it. The reason is read by whoever audits the school. */
export const acknowledge = (on: IConstruct, reason: string, ...rules: readonly string[]): void => {
  for (const id of rules) Validations.of(on).acknowledge({ id, reason })
}

/**
 * Answers for each resource that is named with a star in it, one by one. Said when references between stacks have become what the
 * templates hold: findings are called by that.
 */
export const acknowledgeWildcards = (on: IConstruct, wild: readonly (PolicyStatement | string)[], reason: string): void =>
  on.node.addValidation({
    validate: () => {
      const resources = wild
        .flatMap((each) => (typeof each === 'string' ? [each] : each.resources))
        .map((resource) => flattenCfnReference(Stack.of(on).resolve(resource)))
      const found = new Set(resources.filter((resource) => resource.includes('*')))
      acknowledge(on, reason, ...[...found].map((resource) => `AwsSolutions-IAM5[Resource::${resource}]`))
      return []
    },
  })
