package control

import (
	"encoding/json"
	"net/http"

	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver/desk"
)

// act does the act in the body of a request, and answers with the result.
func act(w *workspace.Workspace, r *http.Request, do func(d desk.Raw, text []byte) (json.RawMessage, error)) (any, error) {
	text, err := readText(r, "{}, or what "+Prefix+"reference shows")
	if err != nil {
		return nil, err
	}
	answer, err := do(desk.RawOf(w), text)
	return answer, refused(err)
}

func (a *API) createTicket(w *workspace.Workspace, r *http.Request) (any, error) {
	return act(w, r, desk.Raw.CreateTicket)
}

func (a *API) getTicket(w *workspace.Workspace, r *http.Request) (any, error) {
	whole, err := desk.RawOf(w).Ticket(r.PathValue("ticket"))
	return whole, refused(err)
}

func (a *API) changeTicket(w *workspace.Workspace, r *http.Request) (any, error) {
	return act(w, r, func(d desk.Raw, text []byte) (json.RawMessage, error) {
		return d.ChangeTicket(r.PathValue("ticket"), text)
	})
}

func (a *API) deleteTicket(w *workspace.Workspace, r *http.Request) (any, error) {
	return nil, refused(desk.RawOf(w).DeleteTicket(r.PathValue("ticket")))
}

func (a *API) addMessage(w *workspace.Workspace, r *http.Request) (any, error) {
	return act(w, r, func(d desk.Raw, text []byte) (json.RawMessage, error) {
		return d.AddMessage(r.PathValue("ticket"), text)
	})
}

func (a *API) changeMessage(w *workspace.Workspace, r *http.Request) (any, error) {
	return act(w, r, func(d desk.Raw, text []byte) (json.RawMessage, error) {
		return d.ChangeMessage(r.PathValue("ticket"), r.PathValue("message"), text)
	})
}

func (a *API) deleteMessage(w *workspace.Workspace, r *http.Request) (any, error) {
	return nil, refused(desk.RawOf(w).DeleteMessage(r.PathValue("ticket"), r.PathValue("message")))
}

func (a *API) createProject(w *workspace.Workspace, r *http.Request) (any, error) {
	return act(w, r, desk.Raw.CreateProject)
}

func (a *API) changeProject(w *workspace.Workspace, r *http.Request) (any, error) {
	return act(w, r, func(d desk.Raw, text []byte) (json.RawMessage, error) {
		return d.ChangeProject(r.PathValue("project"), text)
	})
}

func (a *API) createHandoffTicket(w *workspace.Workspace, r *http.Request) (any, error) {
	return act(w, r, func(d desk.Raw, text []byte) (json.RawMessage, error) {
		return d.CreateHandoffTicket(r.PathValue("project"), text)
	})
}

func (a *API) addTask(w *workspace.Workspace, r *http.Request) (any, error) {
	return act(w, r, func(d desk.Raw, text []byte) (json.RawMessage, error) {
		return d.AddTask(r.PathValue("project"), r.PathValue("ticket"), text)
	})
}

func (a *API) addPost(w *workspace.Workspace, r *http.Request) (any, error) {
	return act(w, r, func(d desk.Raw, text []byte) (json.RawMessage, error) {
		return d.AddPost(r.PathValue("project"), r.PathValue("ticket"), text)
	})
}

func (a *API) changePost(w *workspace.Workspace, r *http.Request) (any, error) {
	return act(w, r, func(d desk.Raw, text []byte) (json.RawMessage, error) {
		return d.ChangePost(r.PathValue("project"), r.PathValue("ticket"), r.PathValue("message"), text)
	})
}

func (a *API) deletePost(w *workspace.Workspace, r *http.Request) (any, error) {
	return nil, refused(desk.RawOf(w).DeletePost(r.PathValue("project"), r.PathValue("ticket"), r.PathValue("message")))
}
