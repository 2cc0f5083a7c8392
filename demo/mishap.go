package demo

import "time"

// mishaps are what goes wrong once in a while, by integration.
var mishaps = map[string][]string{
	"DBT": {
		"Database Error: 000630 (57014): Statement reached its statement or warehouse timeout of 1,800 second(s) and was canceled.",
		"Database Error: 090105 (22000): Cannot perform SELECT. This session does not have a current database.",
		"Compilation Error: column 'ORDERED_AT' is ambiguous",
	},
	"AIRFLOW": {
		"psycopg2.OperationalError: could not connect to server: Connection refused",
		"airflow.exceptions.AirflowTaskTimeout: Timeout, PID: 41877",
	},
	"SPARK": {
		"org.apache.spark.SparkException: Job aborted due to stage failure: ExecutorLostFailure (executor 7 exited caused by one of the running tasks)",
		"java.lang.OutOfMemoryError: Java heap space",
	},
	"FLINK": {
		"org.apache.flink.util.FlinkException: Exceeded checkpoint tolerable failure threshold.",
	},
}

// mishap is what went wrong with a run.
func (j *job) mishap(slot time.Time) string {
	all := mishaps[j.engine.integration]
	return all[j.chance(slot, 0)>>8%uint64(len(all))]
}
