import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type IAlarmAction, type IMetric, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'

export type Bound = {
  /** Says what is so, and what to look at first. */
  means: string
  over: number
  /** How many periods in a row. */
  periods?: number
  /** Quiet means that something has stopped. */
  isBelow?: boolean
}

export const metric = (
  namespace: string,
  name: string,
  dimensions: Record<string, string>,
  how: { statistic?: string; minutes?: number; region?: string } = {},
): Metric =>
  new Metric({
    namespace,
    metricName: name,
    dimensionsMap: dimensions,
    statistic: how.statistic ?? 'Sum',
    period: Duration.minutes(how.minutes ?? 5),
    ...(how.region !== undefined && { region: how.region }),
  })

/** A share in per cent, of nothing while there is none of the whole. */
export const percent = (part: IMetric, whole: IMetric, label: string): MathExpression =>
  new MathExpression({ expression: 'IF(whole > 20, 100 * part / whole, 0)', usingMetrics: { part, whole }, label, period: Duration.minutes(5) })

/** One alarm, and a word to the owner when it ends too. */
export const alarm = (scope: Construct, id: string, of: IMetric, bound: Bound & { tells: IAlarmAction }): Alarm => {
  const { means, over, periods = 1, isBelow = false, tells } = bound
  const made = new Alarm(scope, id, {
    alarmName: `${scope.node.id}-${id}`,
    alarmDescription: means,
    metric: of,
    threshold: over,
    evaluationPeriods: periods,
    comparisonOperator: isBelow ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: isBelow ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  })
  made.addAlarmAction(tells)
  made.addOkAction(tells)
  return made
}
