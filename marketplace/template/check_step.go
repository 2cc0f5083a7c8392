package template

import "slices"

// steps wants each step to be one that somebody can take.
func (c *check) steps(b Body) {
	c.bad(len(b.Steps) > MaxSteps, "steps", "Use at most %d steps.", MaxSteps)
	seen := map[string]int{}
	for i, s := range b.Steps[:min(len(b.Steps), MaxSteps)] {
		field := at("steps", i)
		c.step(field, s)
		if first, twice := seen[s.Key()]; twice {
			c.bad(true, field+".by", "Step %d asks the same people: make one of the two.", first+1)
		} else {
			seen[s.Key()] = i
		}
	}
}

func (c *check) step(field string, s Step) {
	c.bad(line(s.Name) == "", field+".name", "Give the step a name.")
	c.length(field+".name", s.Name, MaxTitle)
	c.bad(!slices.Contains(Bys, s.By), field+".by", "Is none of: %s.", spelled(Bys))
	c.bad(s.By == ByTeam && !isID(s.Team), field+".team", "Name the team: nobody could decide this step.")
	c.bad(s.By != ByTeam && s.Team != "", field+".team", "Only a step of a team names one.")
	if s.By == ByRole {
		c.bad(!slices.Contains(roleNames(), s.Role), field+".role", "Name a role, one of: %s.", list(roleNames(), "or"))
	}
	c.bad(s.By != ByRole && s.Role != "", field+".role", "Only a step of a role names one.")
	c.mode(field, s)
	c.days(field+".remindAfterDays", s.RemindAfterDays, 0, MaxDays)
	c.days(field+".escalateAfterDays", s.EscalateAfterDays, 0, MaxDays)
	late := s.RemindAfterDays > 0 && s.EscalateAfterDays > 0 && s.EscalateAfterDays <= s.RemindAfterDays
	c.bad(late, field+".escalateAfterDays", "Escalate later than the reminder, which comes after %s.", days(s.RemindAfterDays))
}

func (c *check) mode(field string, s Step) {
	switch s.Mode {
	case AtLeast:
		c.bad(s.N < 1 || s.N > MaxNeeded, field+".n", "Want 1 to %d approvals.", MaxNeeded)
	case Any, All:
		c.bad(s.N != 0, field+".n", "Only “at least” has a number.")
	default:
		c.bad(true, field+".mode", "Is none of: any, atleast, all.")
	}
}
