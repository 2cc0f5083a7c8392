package people

import (
	"weir/views/form"
	"weir/views/link"
)

// word is what is headed by the name.
func (p Page) word() string {
	switch p.Of {
	case Teams:
		return "Team"
	case Accounts:
		if p.Agent {
			return "Agent"
		}
		return "Service account"
	}
	return "Person"
}

// noRoles says what it means to hold none.
func (p Page) noRoles() string {
	if p.Of == Teams {
		return "The team holds no role. Its members have what each holds himself."
	}
	return "None of its own: what is open to everybody who is signed in, and what its teams hold."
}

func (p Form) action() string {
	if p.Edits != "" {
		return p.Action
	}
	return link.New(p.Of.head().list)
}

func (p Form) cancel() string {
	if p.Edits != "" {
		return p.Cancel
	}
	return p.Of.head().list
}

func (p Form) title() string {
	if p.Edits != "" {
		return "Change " + p.Edits
	}
	return p.Of.head().one
}

func (p Form) button() string {
	if p.Edits != "" {
		return "Save changes"
	}
	switch p.Of {
	case Teams:
		return "Make team"
	case Accounts:
		return "Make account"
	}
	return "Add person"
}

// checked is a field with what is wrong about it.
func (p Form) checked(f form.Field) form.Field {
	f.Wrong = p.Errors.Of(f.Name)
	return f
}
